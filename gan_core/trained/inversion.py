"""Which z makes this image? The nearest of many samples, then descent of the pixels' error in z; for conditional GANs the class too.

Pure functions of a model and tensors. The descent stays where the prior is: within a cube, or within the lengths that draws have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from gan_core.data.images import image_arrays, to_range, to_unit
from gan_core.errors import AtelierError
from gan_core.trained.model import Trained
from gan_core.translation import _
from gan_core.types import Labels, Latents

UnitImages = Float[Tensor, "N 1 28 28"]  # black 0, white 1

STARTS, SEED, BLOCK = 1_000, 0, 250
ROUNDS = ((16, 16), (6, 100))  # how many of the starts are followed for how many steps: first many, then the best of these
LR, LAST_LR = 0.1, 0.02  # of Adam, in standard deviations of the prior, falling along a cosine from one to the other
SHOWN = 8  # steps from one result to the next


class Starts(NamedTuple):
    """Samples of a generator from which searches start; made once, they serve all."""

    z: Latents
    y: Labels | None
    x: UnitImages


class Found(NamedTuple):
    """What was found so far for each of N images."""

    step: int
    "steps done; 0: the nearest of the starts"
    z: Latents
    y: Labels | None
    x: UnitImages
    "what G makes of z and y"
    error: Float[Tensor, " N"]
    "root mean square error of a pixel, black 0 and white 1"


def starts(model: Trained, n: int = STARTS, seed: int = SEED) -> Starts:
    """n samples, with classes 0, 1, 2 .. in turn where there are classes. Raises AtelierError for a GAN of curves."""
    if model.variant.kind != "images":
        raise AtelierError(_("{title} draws curves. Only a GAN of images can be searched for an image.").format(title=model.variant.title))
    z = model.prior.sample(n, torch.device("cpu"), torch.Generator().manual_seed(seed))
    k = model.variant.classes
    y = torch.arange(n) % k if k else None
    return Starts(z, y, unit(model, model.generate(z, y, BLOCK)))


def unit(model: Trained, x: Tensor) -> UnitImages:
    """A generator's images from black 0 to white 1."""
    return to_unit(x, model.G.pixels)


def search(model: Trained, targets: UnitImages, among: Starts) -> Iterator[Found]:
    """The way from the nearest start of each image to the best z, a result every SHOWN steps; the last one is the answer.

    Adam on the squared error of the pixels, each start on its own; after each round only the best of them go on.
    """
    n = len(targets)
    distance = torch.cdist(targets.flatten(1), among.x.flatten(1))
    rows = distance.topk(ROUNDS[0][0], largest=False).indices  # [N, first round]
    z, y = among.z[rows], None if among.y is None else among.y[rows]
    yield _best(0, z, y, among.x[rows], targets)
    step = 0
    for kept, steps in ROUNDS:
        error = _look(model, z, y, targets)[1]
        best = error.topk(kept, largest=False).indices
        z = z.gather(1, best[..., None].expand(-1, -1, z.shape[2])).flatten(0, 1).clone().requires_grad_()  # [N kept, Z]
        y = None if y is None else y.gather(1, best).flatten()
        aims = targets.repeat_interleave(kept, 0)
        adam = torch.optim.Adam([z], lr=LR)
        for i in range(steps):
            share = (1 + torch.cos(torch.tensor(torch.pi * i / steps)).item()) / 2 if kept == ROUNDS[-1][0] else 1.0
            adam.param_groups[0]["lr"] = (LAST_LR + (LR - LAST_LR) * share) * model.prior.std
            with torch.enable_grad():
                ((unit(model, model.G(z, y)) - aims) ** 2).flatten(1).mean(1).sum().backward(inputs=[z])
            adam.step()
            adam.zero_grad()
            with torch.no_grad():
                z.copy_(model.prior.pull_in(z))
            step += 1
            if i + 1 == steps or step % SHOWN == 0:
                now = z.detach().clone().unflatten(0, (n, kept))
                asked = None if y is None else y.unflatten(0, (n, kept))
                yield _best(step, now, asked, _look(model, now, asked, targets)[0], targets)
        z, y = z.detach().unflatten(0, (n, kept)), None if y is None else y.unflatten(0, (n, kept))


def medians(model: Trained, images: int) -> dict[str, float]:
    """How well test images are found: `rmse` and `nearest`, medians of the error and of the nearest start's; `digit`, share of the
    right class where there are classes.

    The first images of the test set of what it was trained on. Raises AtelierError where that is not at hand.
    """
    pixels, labels = image_arrays("mnist" if model.config.data == "digits-5k" else model.config.data, train=False)
    targets = to_range(torch.from_numpy(pixels[:images]), (0.0, 1.0))
    among = starts(model)
    nearest, errors, right = [], [], 0
    for block, names in zip(targets.split(10), torch.from_numpy(labels[:images]).split(10), strict=True):
        way = list(search(model, block, among))
        nearest.append(way[0].error)
        errors.append(way[-1].error)
        right += int((way[-1].y == names).sum()) if way[-1].y is not None else 0
    found = {"rmse": torch.cat(errors).median().item(), "nearest": torch.cat(nearest).median().item()}
    return found | ({"digit": right / len(targets)} if among.y is not None else {})


def _look(model: Trained, z: Tensor, y: Tensor | None, targets: UnitImages) -> tuple[Tensor, Tensor]:
    """Images [N, k, 1, 28, 28] of z [N, k, Z], and their root mean square errors [N, k]."""
    n, k = z.shape[:2]
    x = unit(model, model.generate(z.flatten(0, 1), None if y is None else y.flatten())).unflatten(0, (n, k))
    return x, (x - targets[:, None]).flatten(2).pow(2).mean(2).sqrt()


def _best(step: int, z: Tensor, y: Tensor | None, x: Tensor, targets: UnitImages) -> Found:
    error = (x - targets[:, None]).flatten(2).pow(2).mean(2).sqrt()
    best, rows = error.argmin(1), torch.arange(len(targets))
    return Found(step, z[rows, best], None if y is None else y[rows, best], x[rows, best], error[rows, best])
