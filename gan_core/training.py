"""Training: one step for every GAN, and an iterator of events around it.

The randomness of a step is a function of (seed, step): torch's global random state is set anew before each step, so that
resuming after step k gives bit for bit what never stopping gives, whatever else drew random numbers in between.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from gan_core import average, checkpoints
from gan_core import data as datasets
from gan_core.config import RunConfig
from gan_core.data import Data
from gan_core.errors import AtelierError
from gan_core.events import Checkpoint, Event, Failed, Finished, Progress, Samples
from gan_core.networks import AnyGenerator
from gan_core.objectives import Batch, Terms, Verdict
from gan_core.recipes import SGD, Adam, Optimizer, RMSprop
from gan_core.types import Labels, Latents

FLUSH_SECONDS = 0.25  # how often the numbers on the device are fetched
FLUSH_STEPS = 256
CHECKPOINT_SECONDS = 30.0
SAMPLE_RATIO = 1.2  # a grid at steps 0, 1, 2 .. and then at each 1.2-fold
SAMPLE_SECONDS = 2.0  # and at least this often, or each time 3 % more time has passed

Row = dict[str, Tensor]  # one step's numbers, still on the device


def seed_of(*parts: int | str) -> int:
    """A 32-bit seed for the stream of random numbers named by these parts."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=4).digest())


def seed_everything(seed: int, device: torch.device) -> None:
    """Sets the global generators that draws on this device use (torch.manual_seed does more, and takes far longer)."""
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.default_generators[device.index or 0].manual_seed(seed)
    elif device.type == "mps":
        torch.mps.manual_seed(seed)


def device_of(config: RunConfig) -> torch.device:
    """The device a run asks for. Raises AtelierError if this machine lacks it; never takes another instead."""
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there[config.device]:
        raise AtelierError(f"This machine has no {config.device} device; choose one of {', '.join(d for d in there if there[d])}.")
    return torch.device(config.device)


def device_in_words(device: torch.device) -> str:
    """The device as people name it."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU, {torch.get_num_threads()} thread{'s'[: torch.get_num_threads() > 1]}" if device.type == "cpu" else "Apple GPU"


def build_optimizer(spec: Optimizer, network: nn.Module) -> torch.optim.Optimizer:
    """The optimiser a recipe describes, over all parameters of a network."""
    match spec:
        case Adam():
            return torch.optim.Adam(network.parameters(), lr=spec.lr, betas=(spec.beta1, spec.beta2), eps=spec.eps, fused=True)
        case SGD():
            return torch.optim.SGD(network.parameters(), lr=spec.lr)
        case RMSprop():
            return torch.optim.RMSprop(network.parameters(), lr=spec.lr)


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
    open_record: list[dict[str, float]] = field(default_factory=list)
    "rows of the record that is not complete yet"

    @classmethod
    def fresh(cls, config: RunConfig) -> State:
        """The state before the first step: networks initialised from the seed."""
        device = device_of(config)
        data = datasets.load(config.data, device)
        seed_everything(seed_of(config.seed, "networks"), torch.device("cpu"))
        G, D = config.about.networks[config.recipe]()
        for network in (G, D):
            network.to(memory_format=torch.channels_last).to(device).train()
        recipe = config.settings
        shown = average.clone(G) if recipe.average is not None else None
        return cls(config, G, D, shown, build_optimizer(recipe.G, G), build_optimizer(recipe.D, D), data, device)

    @classmethod
    def resumed(cls, config: RunConfig, file: Path) -> State:
        """The state that `file` keeps. Raises AtelierError if the file does not fit the config."""
        state = cls.fresh(config)
        progress = checkpoints.load_resume(file, state.G, state.D, state.average, state.g_optimizer, state.d_optimizer)
        state.step, state.seconds, state.open_record = progress["step"], progress["seconds"], progress["open_record"]
        return state

    @property
    def shown(self) -> nn.Module:
        """The generator that people see: the moving average if there is one."""
        return self.average or self.G

    @property
    def images(self) -> int:
        """Real samples shown to D so far."""
        return self.step * self.config.settings.batch * self.config.settings.d_steps

    def latents(self, labels_of: Labels | None) -> tuple[Latents, Labels | None]:
        """A draw of (z, y) for G: y uniform, or the classes of the real samples beside it."""
        recipe, variant = self.config.settings, self.config.about
        z = variant.prior.sample(recipe.batch, self.device)
        if not variant.classes:
            return z, None
        if recipe.labels == "paired":
            return z, labels_of
        return z, torch.randint(variant.classes, (recipe.batch,), device=self.device)


def descend(optimizer: torch.optim.Optimizer, terms: Terms) -> Tensor:
    """One step down the sum of the terms, touching only this optimizer's own parameters; gives the gradient's norm."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    optimizer.zero_grad(set_to_none=True)
    torch.stack(list(terms.values())).sum().backward(inputs=parameters)
    norm = torch.nn.utils.get_total_norm([p.grad for p in parameters if p.grad is not None])
    optimizer.step()
    return norm


def train_step(state: State) -> Row:
    """One step of any GAN: D's updates and G's in the recipe's order, then the average. Gives the step's numbers, on the device."""
    recipe = state.config.settings
    seed_everything(seed_of(state.config.seed, state.step), state.device)
    row: Row = {}

    def draw() -> list[tuple[Batch, Latents, Labels | None]]:
        x, y = state.data.batch(recipe.batch, state.G.pixels)
        z, g = state.latents(y)
        rows = recipe.batch // recipe.splits
        cut = [slice(i * rows, (i + 1) * rows) for i in range(recipe.splits)]
        return [(Batch(x[c], None if y is None else y[c]), z[c], None if g is None else g[c]) for c in cut]

    def update_D(real: Batch, fake: Batch) -> None:
        for only in ("real", "fake") if recipe.separate else (None,):
            verdict = recipe.objective.d_terms(state.D, real, fake, state.step)
            terms = {only: verdict.terms[only]} if only else verdict.terms
            row.update(_numbers("D", terms, descend(state.d_optimizer, terms)))
            recipe.objective.project(state.D)
        row["D(x)"], row["D(G(z))"] = _seen(state, verdict)

    def update_G(real: Batch, z: Latents, g: Labels | None) -> Batch:
        fake = Batch(state.G(z, g), g)
        verdict = recipe.objective.g_terms(state.D, real, fake)
        row.update(_numbers("G", verdict.terms, descend(state.g_optimizer, verdict.terms)))
        return Batch(fake.x.detach(), g)

    if recipe.first == "G":
        for real, z, g in draw():
            update_D(real, update_G(real, z, g))
    else:
        for _ in range(recipe.d_steps):
            parts = draw()
            for real, z, g in parts:
                with torch.no_grad():
                    state.G.train(recipe.fakes_for_D == "train")
                    fake = Batch(state.G(z, g), g)
                    state.G.train()
                update_D(real, fake)
        for real, z, g in draw() if recipe.fresh_z else parts:
            update_G(real, z, g)

    if state.average is not None and recipe.average is not None:
        average.update(state.average, state.G, recipe.average, state.step)
    state.step += 1
    return row


def _numbers(network: str, terms: Terms, gradient: Tensor) -> Row:
    values = {f"{network}/{name}": term.detach() for name, term in terms.items()}
    return values | {f"{network}/gradient": gradient}


def _seen(state: State, verdict: Verdict) -> tuple[Tensor, Tensor]:
    """Mean of D over the real and the generated samples: probabilities where D gives such, else its raw values."""
    assert verdict.real is not None
    scores = (verdict.real.detach(), verdict.fake.detach())
    real, fake = (s.sigmoid() for s in scores) if state.config.settings.objective.probabilistic else scores
    return real.mean(), fake.mean()


def train(config: RunConfig, *, resume: Path | None = None, stop: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """Trains, and says what happens. `resume` is the resume file of an earlier part; `stop` is asked several times a second.

    Sets torch's global random state. Raises AtelierError before the first event if data, device or resume file do not do.
    """
    state = State.resumed(config, resume) if resume else State.fresh(config)
    flushed = sampled = saved = time.perf_counter()
    began = flushed - state.seconds
    last_grid, next_grid = -1, state.step
    pace: deque[tuple[float, int]] = deque([(flushed, state.step)], maxlen=40)  # about ten seconds
    rows: list[Row] = []

    while True:
        # Once in a while: the grid of fixed latents ...
        now = time.perf_counter()
        if state.step >= next_grid or now - sampled > max(SAMPLE_SECONDS, 0.03 * state.seconds):
            yield Samples(state.step, grid(state))
            last_grid, next_grid, sampled = state.step, math.ceil(max(state.step + 1, state.step * SAMPLE_RATIO)), time.perf_counter()

        # ... the numbers so far, and whether this is the end ...
        state.seconds = now - began
        early = None
        over = state.step >= config.steps or (config.seconds is not None and state.seconds >= config.seconds)
        if rows and (over or len(rows) >= FLUSH_STEPS or now - flushed > FLUSH_SECONDS or config.settings.stop_within):
            numbers = fetch(rows)
            rows, flushed = [], time.perf_counter()
            pace.append((flushed, state.step))
            yield Progress(state.step, state.seconds, _rate(pace), state.images, _complete_records(state, numbers))
            if broken := _not_finite(numbers):
                yield Failed(state.step, f"{broken} is no longer a finite number near step {state.step:,}: the training diverged.")
                return
            early = _stopping_rule(config, numbers[-1], state.step)
        if over or early or (not rows and stop()):
            break

        # ... and a checkpoint.
        if not rows and now - saved > CHECKPOINT_SECONDS:
            yield checkpoint(state)
            saved = time.perf_counter()

        rows.append(train_step(state))

    if state.step > last_grid:
        yield Samples(state.step, grid(state))
    yield checkpoint(state)
    yield Finished(state.step, over or early is not None, early or f"{'Trained' if over else 'Stopped after'} {state.step:,} steps.")


def fetch(rows: list[Row]) -> list[dict[str, float]]:
    """The numbers of some steps, brought from the device in one transfer."""
    values = iter(torch.stack([value.float() for row in rows for value in row.values()]).tolist())
    return [{name: next(values) for name in row} for row in rows]


def grid(state: State) -> np.ndarray:
    """What the shown generator makes of the run's fixed latents: grey levels uint8 [n, 28, 28], or curves float32 [16, L].

    Row by row; with classes, each row of ten holds one latent as the digits 0 to 9.
    """
    variant = state.config.about
    z, y = fixed_latents(state.config)
    shown = state.shown
    was_training = shown.training
    shown.eval()
    with torch.no_grad():
        x = shown(z.to(state.device), None if y is None else y.to(state.device))
    shown.train(was_training)
    return grey(x, state.G.pixels) if variant.kind == "images" else x.cpu().numpy()


def fixed_latents(config: RunConfig) -> tuple[Latents, Labels | None]:
    """The latents of a run's sample grid, from its seed: 64, or 8 x 10 with classes; 16 for curves."""
    variant = config.about
    generator = torch.Generator().manual_seed(seed_of(config.seed, "grid"))
    if variant.classes:
        z = variant.prior.sample(8, torch.device("cpu"), generator).repeat_interleave(variant.classes, 0)
        return z, torch.arange(variant.classes).repeat(8)
    return variant.prior.sample(16 if variant.kind == "curves" else 64, torch.device("cpu"), generator), None


def grey(x: Tensor, pixels: tuple[float, float]) -> np.ndarray:
    """Images [N, 1, H, W] between the two ends as grey levels, uint8 [N, H, W]."""
    low, high = pixels
    return ((x.detach() - low) * (255 / (high - low))).round().clamp(0, 255).squeeze(1).to(torch.uint8).cpu().numpy()


def checkpoint(state: State) -> Checkpoint:
    """The state as a Checkpoint."""
    progress = {"step": state.step, "seconds": state.seconds, "open_record": state.open_record}
    return Checkpoint(
        state.step,
        checkpoints.weights_of(state.shown, state.D),
        checkpoints.resume_of(state.G, state.D, state.average, state.g_optimizer, state.d_optimizer),
        json.dumps(progress),
    )


def _complete_records(state: State, numbers: list[dict[str, float]]) -> list[dict[str, float]]:
    """Adds the numbers of some steps to the open record; gives the records that are complete now."""
    every = state.config.log_every
    complete = []
    for step, row in enumerate(numbers, start=state.step - len(numbers) + 1):
        state.open_record.append(row)
        if step % every == 0:
            complete.append({"step": step, "seconds": round(state.seconds, 3)} | _mean(state.open_record))
            state.open_record = []
    return complete


def _mean(rows: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each number over the rows that have it (a lazy penalty is not in every row), and each network's summed loss."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    mean = {name: math.fsum(row[name] for row in rows if name in row) / sum(name in row for row in rows) for name in names}
    for network in ("D", "G"):
        terms = [m for name, m in mean.items() if name.startswith(f"{network}/") and not name.endswith("/gradient")]
        mean[f"{network}/loss"] = math.fsum(terms)
    return {name: float(f"{value:.6g}") for name, value in mean.items()}


def _rate(pace: deque[tuple[float, int]]) -> float | None:
    (t0, s0), (t1, s1) = pace[0], pace[-1]
    return (s1 - s0) / (t1 - t0) if s1 > s0 else None


def _not_finite(numbers: list[dict[str, float]]) -> str | None:
    return next((name for row in numbers for name, value in row.items() if not math.isfinite(value)), None)


def _stopping_rule(config: RunConfig, row: dict[str, float], step: int) -> str | None:
    within = config.settings.stop_within
    if within and abs(row["D(x)"] - 0.5) <= within:
        return f"Stopped by its own rule at step {step:,}: the mean of D(x) came within {within:g} of 1/2."
    return None
