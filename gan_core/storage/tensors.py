"""Networks and training states as safetensors files, checked before anything is allocated.

A file from elsewhere is read in this order: its size, its header's size, its header (names, types, shapes, offsets) against what
the configuration calls for, and only then its numbers, which must be finite. Nothing is ever unpickled.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save
from torch import Tensor, nn

from gan_core.errors import AtelierError
from gan_core.storage import header
from gan_core.translation import _

TYPES = {torch.float32: ("F32", "F16"), torch.int64: ("I64",)}  # what a file may hold for a tensor; shipped weights are F16

Layout = dict[str, tuple[torch.dtype, tuple[int, ...]]]  # name -> type and shape


def weights_of(G: nn.Module, D: nn.Module) -> dict[str, Tensor]:
    """The tensors of a weights file, by the names they have in it."""
    return _named("G", G) | _named("D", D)


def resume_of(
    G: nn.Module, D: nn.Module, average: nn.Module | None, g_optimizer: torch.optim.Optimizer, d_optimizer: torch.optim.Optimizer
) -> dict[str, Tensor]:
    """The tensors of a resume file, by the names they have in it."""
    networks = _named("G", G) | _named("D", D) | (_named("average", average) if average is not None else {})
    return networks | _moments("G", g_optimizer) | _moments("D", d_optimizer)


def encode(tensors: dict[str, Tensor], **metadata: str) -> bytes:
    """A safetensors file in memory. Give one piece of metadata at most: of several the order, and so the bytes, would vary."""
    return save({name: t.detach().cpu().contiguous() for name, t in tensors.items()}, metadata)


def load_weights(file: Path, G: nn.Module, D: nn.Module) -> None:
    """Fills G and D from a weights file. Raises AtelierError, and changes nothing, if it does not fit them."""
    tensors = read(file, layout_of(weights_of(G, D)))
    _fill(G, "G", tensors)
    _fill(D, "D", tensors)


def load_resume(
    file: Path,
    G: nn.Module,
    D: nn.Module,
    average: nn.Module | None,
    g_optimizer: torch.optim.Optimizer,
    d_optimizer: torch.optim.Optimizer,
) -> dict[str, Any]:
    """Fills networks and optimisers from a resume file; gives what its metadata say of the progress (step, seconds, open_record).

    Raises AtelierError, and changes nothing, if the file does not fit them.
    """
    progress = header.progress_of(file)
    moving = ("G", g_optimizer, "single_d"), ("D", d_optimizer, "single_g")  # and the steps in which it stood still
    layout = layout_of(_named("G", G) | _named("D", D) | (_named("average", average) if average is not None else {}))
    moved = [(name, optimizer) for name, optimizer, alone in moving if progress["step"] > progress[alone]]
    for name, optimizer in moved:
        layout |= _moments_layout(name, optimizer)
    tensors = read(file, layout)
    _fill(G, "G", tensors)
    _fill(D, "D", tensors)
    if average is not None:
        _fill(average, "average", tensors)
    for name, optimizer in moved:
        _fill_moments(optimizer, name, tensors)
    return progress


def read(file: Path, layout: Layout) -> dict[str, Tensor]:
    """The tensors of a safetensors file that has exactly this layout. Raises AtelierError before allocating if it has not."""
    there = header.read(file)
    there.pop("__metadata__", None)
    if missing := sorted(layout.keys() - there.keys()):
        raise AtelierError(
            _("{file} does not fit this variant: {missing} is missing ({n} of {whole} tensors are).").format(
                file=file.name, missing=missing[0], n=len(missing), whole=len(layout)
            )
        )
    if foreign := sorted(there.keys() - layout.keys()):
        raise AtelierError(
            _("{file} does not fit this variant: it holds {foreign!r}, which this variant does not have.").format(
                file=file.name, foreign=foreign[0]
            )
        )
    for name, (dtype, shape) in layout.items():
        kind, shape_there = there[name].get("dtype"), there[name].get("shape")
        if kind not in TYPES[dtype]:
            raise AtelierError(
                _("{file} does not fit this variant: {name} is of type {kind}, expected {dtype}.").format(
                    file=file.name, name=name, kind=kind, dtype=" or ".join(TYPES[dtype])
                )
            )
        if shape_there != list(shape):
            raise AtelierError(
                _("{file} does not fit this variant: {name} has the shape {shape_there}, expected {shape}.").format(
                    file=file.name, name=name, shape_there=shape_there, shape=list(shape)
                )
            )
    try:
        tensors = load_file(file)
    except Exception as error:  # safetensors raises its own, undocumented kinds
        raise AtelierError(_("{file} is damaged: {error}.").format(file=file.name, error=error)) from error
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise AtelierError(_("{file} cannot be used: {name} holds numbers that are not finite.").format(file=file.name, name=name))
    return {name: tensor.to(layout[name][0]) for name, tensor in tensors.items()}


def _named(prefix: str, network: nn.Module) -> dict[str, Tensor]:
    return {f"{prefix}.{name}": tensor for name, tensor in network.state_dict().items()}


def layout_of(tensors: dict[str, Tensor]) -> Layout:
    """The layout of a file that holds these tensors."""
    return {name: (t.dtype, tuple(t.shape)) for name, t in tensors.items()}


def _fill(network: nn.Module, prefix: str, tensors: dict[str, Tensor]) -> None:
    network.load_state_dict({name: tensors[f"{prefix}.{name}"] for name in network.state_dict()})


def _moments(prefix: str, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """An optimiser's state, named optimizer.<network>.<parameter number>.<moment>."""
    return {
        f"optimizer.{prefix}.{i}.{name}": value
        for i, moments in optimizer.state_dict()["state"].items()
        for name, value in moments.items()
        if isinstance(value, Tensor)
    }


MOMENTS = {torch.optim.Adam: ("exp_avg", "exp_avg_sq"), torch.optim.RMSprop: ("square_avg",), torch.optim.SGD: ()}


def _moments_layout(prefix: str, optimizer: torch.optim.Optimizer) -> Layout:
    """What _moments will give after the first step."""
    layout: Layout = {}
    for i, parameter in enumerate(p for group in optimizer.param_groups for p in group["params"]):
        for name in MOMENTS[type(optimizer)]:
            layout[f"optimizer.{prefix}.{i}.{name}"] = (torch.float32, tuple(parameter.shape))
        if MOMENTS[type(optimizer)]:
            layout[f"optimizer.{prefix}.{i}.step"] = (torch.float32, ())
    return layout


def _fill_moments(optimizer: torch.optim.Optimizer, prefix: str, tensors: dict[str, Tensor]) -> None:
    own = optimizer.state_dict()
    for i, parameter in enumerate(p for group in optimizer.param_groups for p in group["params"]):
        for name in MOMENTS[type(optimizer)]:  # in the parameter's own memory format: fused kernels walk both side by side
            moment = torch.empty_like(parameter.detach()).copy_(tensors[f"optimizer.{prefix}.{i}.{name}"])
            own["state"].setdefault(i, {})[name] = moment
        if MOMENTS[type(optimizer)]:
            own["state"][i]["step"] = tensors[f"optimizer.{prefix}.{i}.step"]
    optimizer.load_state_dict(own)
