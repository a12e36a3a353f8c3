"""A step's updates recorded as a CUDA graph: a GPU need not wait for Python to ask for each of hundreds of small kernels."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable

import torch
from torch import Tensor

Row = dict[str, Tensor]  # one step's numbers, still on the device
WARM_UP = 3  # steps of a kind that are taken as they are, before one is recorded: libraries and optimisers set themselves up in the first


class CudaGraphStep:
    """Takes the updates of steps, on a CUDA device: the first few of each kind as they are, the others by replaying one that was recorded.

    What is recorded is which kernels run on which memory, so all that differs from step to step must lie on the device (rates, and
    Adam's count of steps) or be drawn by the device's generator, which a replay reads anew. A step that cannot be recorded is taken as
    it is, with a warning.
    """

    def __init__(self, device: torch.device) -> None:
        self._stream = torch.cuda.Stream(device)  # recording wants one of its own, and what is recorded must have run on it before
        self._taken: dict[Hashable, int] = {}
        self._recorded: dict[Hashable, tuple[torch.cuda.CUDAGraph, list[str], Tensor]] = {}
        self._possible = True

    def __call__(self, kind: Hashable, seed: Callable[[], None], updates: Callable[[], Row]) -> Row:
        """`updates()` after `seed()`; updates of one `kind` do the same thing to the same tensors. Gives the step's numbers."""
        if self._possible and kind not in self._recorded and self._taken.get(kind, 0) >= WARM_UP:
            self._record(kind, updates)
        seed()
        if kind in self._recorded:
            graph, names, values = self._recorded[kind]
            graph.replay()
            return dict(zip(names, values.clone(), strict=True))
        self._taken[kind] = self._taken.get(kind, 0) + 1
        here = torch.cuda.current_stream()
        self._stream.wait_stream(here)
        with torch.cuda.stream(self._stream):
            row = updates()
        here.wait_stream(self._stream)
        return row

    def _record(self, kind: Hashable, updates: Callable[[], Row]) -> None:
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph, stream=self._stream, capture_error_mode="thread_local"):
                row = updates()
                values = torch.stack([value.detach().float() for value in row.values()])
        except RuntimeError as error:
            self._possible = False
            warnings.warn(f"This step cannot be recorded, and is taken the slow way: {error}", stacklevel=2)
        else:
            self._recorded[kind] = graph, list(row), values
