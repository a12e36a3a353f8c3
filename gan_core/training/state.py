"""The state of a training: networks, optimisers, data and counters; made anew, or from a resume file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from gan_core.data.images import ImageData
from gan_core.data.loading import Data, load
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig
from gan_core.gans.objectives.base import Batch
from gan_core.networks import AnyGenerator, Networks, ema
from gan_core.seeding import seed_everything, seed_of
from gan_core.storage import tensors
from gan_core.training.cuda_graph import CudaGraphStep
from gan_core.training.events import Checkpoint
from gan_core.training.optimizers import build_optimizer, set_rate
from gan_core.translation import _, ngettext
from gan_core.types import Labels, Latents


def device_of(config: RunConfig) -> torch.device:
    """The device a run asks for. Raises AtelierError if this machine lacks it; never takes another instead."""
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there[config.device]:
        words = _("This machine has no {device} device; choose one of {there}.")
        raise AtelierError(words.format(device=config.device, there=", ".join(d for d in there if there[d])))
    return torch.device(config.device)


def device_in_words(config: RunConfig) -> str:
    """The device of a run as people name it, and the precision if it is not the usual one. Raises AtelierError if this machine lacks it."""
    device, threads = device_of(config), torch.get_num_threads()
    cpu = ngettext("CPU, {n} thread", "CPU, {n} threads", threads).format(n=threads)
    name = {"cpu": cpu, "mps": _("Apple GPU")}.get(device.type)
    return (name or torch.cuda.get_device_name(device)) + (f", {config.precision}" if config.precision != "float32" else "")


@dataclass
class State:
    """All that a training carries from step to step."""

    config: RunConfig
    G: AnyGenerator
    D: nn.Module
    average: nn.Module | None
    g_optimizer: torch.optim.Optimizer
    d_optimizer: torch.optim.Optimizer
    data: Data
    device: torch.device
    step: int = 0
    seconds: float = 0.0
    single_d: int = 0
    "steps in which D alone was updated"
    single_g: int = 0
    "steps in which G alone was"
    open_record: list[dict[str, float]] = field(default_factory=list)
    "rows of the record that is not complete yet"
    cuda_graph: CudaGraphStep | None = None
    "takes the updates of steps on a CUDA device; None: they are taken as they are"

    @classmethod
    def fresh(cls, config: RunConfig, build: Callable[[], Networks] | None = None) -> State:
        """The state before the first step: networks initialised from the seed, by `build` if they are to be others than the run's."""
        device = device_of(config)
        data = load(config.data, device)
        if config.label_budget is not None:
            assert isinstance(data, ImageData)
            data.set_label_budget(config.label_budget, seed_of(config.seed, "labels"))
        seed_everything(seed_of(config.seed, "networks"), torch.device("cpu"))
        G, D = (build or config.architecture.build)()
        for network in (G, D):
            network.to(memory_format=torch.channels_last).to(device).train()
            if config.precision != "float32":
                network.register_forward_hook(_in_float32)
        recipe = config.settings
        shown = ema.clone(G) if recipe.average is not None else None
        cuda_graph = CudaGraphStep(device) if device.type == "cuda" else None
        return cls(config, G, D, shown, build_optimizer(recipe.G, G), build_optimizer(recipe.D, D), data, device, cuda_graph=cuda_graph)

    @classmethod
    def resumed(cls, config: RunConfig, file: Path) -> State:
        """The state that `file` keeps. Raises AtelierError if the file does not fit the config."""
        state = cls.fresh(config)
        progress = tensors.load_resume(file, state.G, state.D, state.average, state.g_optimizer, state.d_optimizer)
        state.step, state.seconds, state.open_record = progress["step"], progress["seconds"], progress["open_record"]
        state.single_d, state.single_g = progress["single_d"], progress["single_g"]
        return state

    def autocast(self) -> torch.autocast:
        """A context in which layers compute in the run's precision; what networks give is float32 again, for the losses.

        To be left before an optimiser moves: within it the weights' copies of that precision are kept.
        """
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.precision == "bfloat16")

    def set_rates(self) -> None:
        """Both optimisers' rates as the recipe has them at this step."""
        recipe = self.config.settings
        if recipe.final_rate < 1:
            share = 1 - (1 - recipe.final_rate) * min(1.0, self.step / recipe.steps)
            set_rate(self.g_optimizer, share * recipe.G.lr)
            set_rate(self.d_optimizer, share * recipe.D.lr)

    @property
    def ema_or_G(self) -> nn.Module:
        """The generator that samples and metrics are made with: the moving average if there is one."""
        return self.G if self.average is None else self.average

    def real(self) -> tuple[Batch, Labels | None]:
        """A draw of real samples as D is to see them, and their classes, which D is not told under a budget of labels."""
        recipe = self.config.settings
        x, y = self.data.batch(recipe.batch, self.G.pixels)
        if self.config.label_budget is None:
            return Batch(x, y), y
        assert isinstance(self.data, ImageData)
        return Batch(x, None, Batch(*self.data.labelled_batch(recipe.batch, self.G.pixels))), y

    @property
    def images(self) -> int:
        """Real samples shown to D so far."""
        return (self.step - self.single_g) * self.config.settings.batch * self.config.settings.d_steps

    def latents(self, labels_of: Labels | None) -> tuple[Latents, Labels | None]:
        """A draw of (z, y) for G: y uniform, or the classes of the real samples beside it."""
        recipe, variant = self.config.settings, self.config.about
        z = variant.prior.sample(recipe.batch, self.device)
        if not variant.classes:
            return z, None
        if recipe.labels == "paired":
            return z, labels_of
        return z, torch.randint(variant.classes, (recipe.batch,), device=self.device)


@contextmanager
def preserved(*networks: nn.Module) -> Iterator[None]:
    """Whatever is done to modes and batch norm's averages of the networks in the block is undone at its end."""
    modes = [(module, module.training) for network in networks for module in network.modules()]
    kept = [(buffer, buffer.clone()) for network in networks for buffer in network.buffers()]
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
        for buffer, value in kept:
            buffer.copy_(value)


def _in_float32(network: nn.Module, inputs: object, output: Tensor) -> Tensor:
    return output.float()


def checkpoint(state: State) -> Checkpoint:
    """The state as a Checkpoint."""
    names = "step", "seconds", "single_d", "single_g", "open_record"
    progress = {name: getattr(state, name) for name in names}
    return Checkpoint(
        state.step,
        tensors.weights_of(state.ema_or_G, state.D),
        tensors.resume_of(state.G, state.D, state.average, state.g_optimizer, state.d_optimizer),
        json.dumps(progress),
    )
