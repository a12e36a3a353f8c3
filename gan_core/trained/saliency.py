"""Where a discriminator looks: gradient times input, occlusion, the filters of its first layer; and maps as pictures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from gan_core.translation import _
from gan_core.types import Images, Scores

Ask = Callable[[Images], Scores]
"what is asked of images [N, 1, H, W]: one number each, [N]"

HIDDEN = 5  # side of the square that is hidden [pixels]
STRIDE = 2  # from one hidden square to the next [pixels]
FOR, AGAINST = (86, 180, 233), (242, 153, 74)  # blue and orange, as D and G on a dark ground


def gradient_times_input(ask: Ask, x: Images, black: float) -> np.ndarray:
    """How much each pixel's ink adds to the answer, to first order: grad ask(x) (x - black), float [H, W]. x: [1, 1, H, W].

    Source: Shrikumar et al. 2017, arXiv:1605.01713, section 1.
    """
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad(ask(x).sum(), x)
    return (slope * (x - black))[0, 0].detach().numpy()


def gradient(ask: Ask, x: Images) -> np.ndarray:
    """By how much the answer rises for each pixel made whiter, to first order: grad ask(x), float [...] as x [1, ...] without its 1s."""
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad(ask(x).sum(), x)
    return slope.squeeze().detach().numpy()


def occlusion(ask: Ask, x: Images, black: float) -> np.ndarray:
    """How much the answer falls when a square of HIDDEN pixels is painted black, float [H, W], a value for each STRIDE pixels.

    All positions are asked in one batch. Source: Zeiler & Fergus 2014, arXiv:1311.2901, section 4.2.
    """
    height, width = x.shape[2:]
    middles = [(i, j) for i in range(0, height, STRIDE) for j in range(0, width, STRIDE)]
    hidden = x.repeat(len(middles) + 1, 1, 1, 1)
    reach = HIDDEN // 2
    for n, (i, j) in enumerate(middles):
        hidden[n, :, max(0, i - reach) : i + reach + 1, max(0, j - reach) : j + reach + 1] = black
    with torch.no_grad():
        answers = ask(hidden)
    fall = (answers[-1] - answers[:-1]).reshape(-(-height // STRIDE), -(-width // STRIDE)).numpy()
    return fall.repeat(STRIDE, 0).repeat(STRIDE, 1)[:height, :width]


def first_layer(D: nn.Module, most: int = 64) -> tuple[str, np.ndarray]:
    """What the first layer of D is, in words, and its weights as pictures [n, h, w], the strongest `most` of them first.

    A convolution's filters, or the weights of dense units laid out as the image they are applied to.
    """
    layer = next(m for m in D.modules() if isinstance(m, nn.Conv2d) or (isinstance(m, nn.Linear) and m.in_features == 784))
    w = layer.weight.detach().float()
    if isinstance(layer, nn.Conv2d):
        what = _("{n} filters of {height} × {width} pixels").format(n=len(w), height=w.shape[2], width=w.shape[3])
        maps = w[:, 0]
    else:
        what = _("{n} units that see all 28 × 28 pixels").format(n=len(w))
        maps = w.unflatten(1, (28, 28))
    return what, maps[maps.flatten(1).norm(dim=1).argsort(descending=True)][:most].numpy()


def coloured(heat: np.ndarray, under: np.ndarray | None = None) -> np.ndarray:
    """A map [H, W] as colours uint8 [H, W, 3]: blue speaks for the answer, orange against it; over the image `under`, dimmed."""
    strength = heat / (np.abs(heat).max() or 1.0)
    ground = np.zeros((*heat.shape, 3)) if under is None else 0.35 * under[..., None].repeat(3, 2).astype(np.float64)
    share = np.sqrt(np.abs(strength))[..., None]  # faint places are to be seen too
    hue = np.where(strength[..., None] >= 0, FOR, AGAINST)
    return (ground * (1 - share) + hue * share).round().astype(np.uint8)


def tiles(maps: np.ndarray, columns: int, scale: int = 1, gap: int = 8) -> np.ndarray:
    """Maps [n, h, w] side by side as colours, each to its own scale and `scale` times as large, `gap` dark pixels between."""
    pictures = [coloured(m).repeat(scale, 0).repeat(scale, 1) for m in maps]
    height, width = pictures[0].shape[:2]
    rows = -(-len(pictures) // columns)
    canvas = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), 64, dtype=np.uint8)
    for n, picture in enumerate(pictures):
        top, left = (n // columns) * (height + gap), (n % columns) * (width + gap)
        canvas[top : top + height, left : left + width] = picture
    return canvas


def asking(answers: Callable[[Tensor], Tensor], digit: int) -> Ask:
    """The question "how sure is it of this digit, against the other nine": the digit's logit minus the logsumexp of the others'."""

    def ask(x: Images) -> Scores:
        logits = answers(x)[:, :10]
        others = torch.cat([logits[:, :digit], logits[:, digit + 1 :]], 1)
        return logits[:, digit] - others.logsumexp(1)

    return ask
