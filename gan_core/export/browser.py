"""A trained generator as a browser can run it: a list of layers and their numbers, batch norm folded away, in one piece of bytes.

The bytes: how long the header is (uint32), the header (JSON, filled up with spaces), the numbers. All is little-endian, every part
starts at a multiple of 4. The header says what enters (`input`), the layers, and where in the numbers each of their tensors lies.
A layer maps x to act(scale * W(take * x) + bias): W is dense [out, in], or a transposed convolution of stride 2 [C, C', 4, 4], and
`scale` and `take`, one number an output or an input, are what batch norm comes to once it is trained. A tensor goes as float16
where that loses nothing, which holds for all shipped weights, else as float32.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gan_core.data.curves import sine_abscissae
from gan_core.errors import AtelierError
from gan_core.gans.variants.entry import Variant
from gan_core.networks import AnyGenerator, dcgan
from gan_core.trained.model import Trained
from gan_core.translation import _

PROBES = 4  # latents on which the influence of a coordinate is measured
NUDGE = 0.25  # how far it is moved to either side, in standard deviations of the prior


@dataclass
class Layer:
    """act(scale * W(take * x) + bias), before it is packed."""

    kind: str
    "dense or up: a transposed convolution of stride 2, which doubles both sides"
    weight: np.ndarray
    "[out, in], or [C, C', 4, 4]"
    bias: np.ndarray
    "[out] or [C']"
    scale: np.ndarray | None = None
    take: np.ndarray | None = None
    act: str = "linear"
    slope: float = 0.0
    "of a leaky ReLU, left of zero"
    maps: tuple[int, int, int] | None = None
    "channels, height, width of what a dense layer makes, if that is maps"


@dataclass
class _Numbers:
    """Tensors one after another."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, values: np.ndarray) -> dict[str, Any]:
        """Appends a tensor; gives where it lies."""
        exact = values.astype(np.float32)
        with np.errstate(over="ignore"):
            half = exact.astype(np.float16)
        chosen = half if np.array_equal(half.astype(np.float32), exact) else exact
        content = chosen.tobytes() + bytes(-chosen.nbytes % 4)
        place = {"at": self.size, "count": int(values.size), "half": chosen.dtype == np.float16}
        self.parts.append(content)
        self.size += len(content)
        return place


def describe(G: AnyGenerator, variant: Variant, name: str) -> bytes:
    """A trained generator for a browser, which keeps it under this name. Raises AtelierError if it has a layer that is not known there."""
    layers = fold(G.chain())
    numbers = _Numbers()
    prior = variant.prior
    header: dict[str, Any] = {
        "name": name,
        "kind": variant.kind,
        "z": prior.size,
        "classes": variant.classes,
        "pixels": G.pixels,
        "prior": {"kind": prior.kind, "bounds": prior.bounds, "name": str(prior)},
        "input": G.entry(),
        "layers": [_packed(layer, numbers) for layer in layers],
    }
    if G.entry() == "multiplied":
        assert isinstance(G.embedding, nn.Embedding)
        header["embedding"] = numbers.add(_array(G.embedding.weight))  # [K, Z]
    if variant.kind == "curves":
        header["x"] = [round(v, 5) for v in sine_abscissae(variant.data, torch.device("cpu")).tolist()]
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([len(text).to_bytes(4, "little"), text, *numbers.parts])


def influence(model: Trained) -> list[float]:
    """How much each coordinate of z moves the sample: root mean square change per standard deviation moved, around PROBES draws."""
    z, spread = model.latents(PROBES, 0), model.prior.std
    step = NUDGE * spread * torch.eye(model.prior.size)  # [Z, Z]
    around = torch.cat([(one + sign * step) for one in z for sign in (1.0, -1.0)])  # [PROBES * 2 * Z, Z]
    k = model.variant.classes
    y = torch.arange(PROBES).remainder(k).repeat_interleave(2 * model.prior.size) if k else None
    x = model.generate(around, y).flatten(1).unflatten(0, (PROBES, 2, model.prior.size))
    return (((x[:, 0] - x[:, 1]) / (2 * NUDGE)).square().mean((0, 2)).sqrt()).tolist()


def fold(modules: list[nn.Module]) -> list[Layer]:
    """Layers of a trained network in evaluation mode, batch norm folded. Raises AtelierError for what cannot be folded."""
    layers: list[Layer] = []
    pending: tuple[np.ndarray, np.ndarray] | None = None  # scale and shift of a batch norm that stands behind an activation
    for module in modules:
        if isinstance(module, nn.Identity | nn.Dropout):
            continue
        if isinstance(module, nn.Linear | nn.ConvTranspose2d):
            layer = _linear(module)
            if pending is not None:
                if layer.kind != "dense":
                    raise _unknown(_("a batch norm between an activation and a convolution"))
                layer.take = pending[0]
                layer.bias = layer.bias + layer.weight @ pending[1]
                pending = None
            layers.append(layer)
        elif not layers:
            raise _unknown(_("{kind} as its first layer").format(kind=type(module).__name__))
        elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            scale, shift = _affine(module)
            if pending is not None or layers[-1].scale is not None:
                raise _unknown(_("two batch norms in a row"))
            if layers[-1].act != "linear":
                pending = (scale, shift)
            else:
                layers[-1].scale = scale
                layers[-1].bias = layers[-1].bias * scale + shift
        elif isinstance(module, nn.Unflatten):
            channels, height, width = module.unflattened_size
            layers[-1].maps = (int(channels), int(height), int(width))
        elif layers[-1].act != "linear":
            raise _unknown(_("two activations in a row"))
        else:
            layers[-1].act, layers[-1].slope = _activation(module)
    if pending is not None:
        raise _unknown(_("a batch norm at its end"))
    return layers


def _linear(module: nn.Linear | nn.ConvTranspose2d) -> Layer:
    weight = _array(module.weight)
    if isinstance(module, nn.Linear):
        bias = _array(module.bias) if module.bias is not None else np.zeros(len(weight))
        return Layer("dense", weight, bias)
    bias = _array(module.bias) if module.bias is not None else np.zeros(weight.shape[1])
    if isinstance(module, dcgan.UpsampledConv):  # the same sum that its forward makes
        weight = sum((np.pad(weight, ((0, 0), (0, 0), (a, 1 - a), (b, 1 - b))) for a in (0, 1) for b in (0, 1)), np.zeros(()))
    elif (module.kernel_size, module.stride, module.padding, module.output_padding) != ((4, 4), (2, 2), (1, 1), (0, 0)):
        raise _unknown(
            _("a transposed convolution with kernel {kernel} and stride {stride}").format(kernel=module.kernel_size, stride=module.stride)
        )
    return Layer("up", weight, bias)


def _affine(norm: nn.BatchNorm1d | nn.BatchNorm2d) -> tuple[np.ndarray, np.ndarray]:
    """(scale, shift) of a trained batch norm: gamma / sqrt(var + eps) and beta - mean * scale."""
    if norm.running_mean is None or norm.running_var is None:
        raise _unknown(_("a batch norm without running averages"))
    scale = _array(norm.weight) / np.sqrt(_array(norm.running_var) + norm.eps)
    return scale, _array(norm.bias) - _array(norm.running_mean) * scale


def _activation(module: nn.Module) -> tuple[str, float]:
    if isinstance(module, nn.LeakyReLU):
        return "leaky", float(module.negative_slope)
    for kind, name in ((nn.ReLU, "leaky"), (nn.Tanh, "tanh"), (nn.Sigmoid, "sigmoid")):
        if isinstance(module, kind):
            return name, 0.0
    raise _unknown(type(module).__name__)


def _packed(layer: Layer, numbers: _Numbers) -> dict[str, Any]:
    """A layer for the header, its tensors among the numbers."""
    shape = layer.weight.shape
    packed: dict[str, Any] = {"kind": layer.kind, "act": layer.act, "slope": layer.slope}
    packed |= {"in": shape[1], "out": shape[0]} if layer.kind == "dense" else {"in": shape[0], "out": shape[1]}
    if layer.maps:
        packed["maps"] = layer.maps
    for name in ("weight", "bias", "scale", "take"):
        if (values := getattr(layer, name)) is not None:
            packed[name] = numbers.add(values)
    return packed


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().double().numpy()


def _unknown(what: str) -> AtelierError:
    return AtelierError(_("This generator has {what}, which the browser cannot run.").format(what=what))
