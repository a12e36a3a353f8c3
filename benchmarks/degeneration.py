"""Why do text 001's convolutional GANs degenerate? Trains them as published and with one thing changed, and draws what that does.

    python -m benchmarks.degeneration run cgan --change calm-adam --seeds 0 1 2 --steps 20000 --channels 16
    python -m benchmarks.degeneration keep RUN
    python -m benchmarks.degeneration treat RUN --change calm-adam --seeds 0 1 --steps 3000 --every 250
    python -m benchmarks.degeneration_figures

`run` appends one measurement every --every steps to docs/degeneration/<variant>-<change>-<channels>-<seed>.jsonl and starts anew when
called again; `keep` puts the probes of a training that went on past its recipe's steps (`python -m gan_core extend`) into
docs/degeneration/long/; `treat` goes on with a published training from where it stands, with one thing changed from there on, and measures
into docs/degeneration/late/<variant>-<change>-<seed>.jsonl; the last redraws the figures from all of these files. docs/degeneration.md says
what is to be seen in them. Running needs full MNIST.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from benchmarks import measurements
from benchmarks.samples import unit_samples
from gan_core import configure, runs
from gan_core.errors import AtelierError
from gan_core.evaluation import protocol
from gan_core.gans import objectives, penalties
from gan_core.gans.objectives.base import Batch, LossTerms, clipped_log
from gan_core.gans.recipes import Adam, Recipe
from gan_core.jobs import malloc
from gan_core.metrics import classes, frechet, judge
from gan_core.networks import dcgan
from gan_core.runs import Run
from gan_core.training.probe import Prober
from gan_core.training.state import State
from gan_core.training.step import fetch, train_step

FOLDER = Path(__file__).parent.parent / "docs" / "degeneration"
SAMPLES = 10_000
EXACT = 1e-30  # a floor under the logarithm that no probability of these networks reaches


class AliveSSGAN(objectives.ClippedSSGAN):
    """SSGAN whose generator descends -log(1 - P(fake|G(z))): the gradient lives while D wins. D's terms as published."""

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x)
        p = 1.0 - on_fake.softmax(1)[:, -1]
        return LossTerms({"adversarial": -clipped_log(p, self.floor).mean()}, None, self.scores(on_fake, None))


@contextmanager
def on_averages(D: nn.Module) -> Iterator[None]:
    """D's batch norm, if it has any, on its running averages."""
    D.eval()
    try:
        yield
    finally:
        D.train()


def with_r1(published: type, gamma: float = 0.1) -> Any:
    """The published objective, plus R1 on its score of real images at every update, D's batch norm, if it has any, on its running averages.

    (On the batch's statistics a sample's score depends on the others, and its gradient is not that of one score.)
    """

    class Penalised(published):
        def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
            verdict = super().d_terms(D, real, fake, step)
            with on_averages(D):
                verdict.terms["penalty"] = penalties.zero_centred(lambda x: self.scores(D(x), real.y), real.x, gamma)
            return verdict

    return Penalised()


def judged_by_averages(published: type) -> Any:
    """The published objective, with D's batch norm on its running averages while G learns: what Keras does with frozen layers."""

    class Frozen(published):
        def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
            with on_averages(D):
                return super().g_terms(D, real, fake)

    return Frozen()


PUBLISHED = {"dcgan": objectives.ClippedLog, "ssgan": objectives.ClippedSSGAN, "cgan": objectives.ClippedCGAN}
CALM = Adam(lr=2e-4, beta1=0.5, eps=1e-7)  # DCGAN's paper
CHANGES = {
    "none": "as published",
    "exact-log": "no clipping of the logarithm",
    "alive-generator": "G's loss non-saturating (SSGAN)",
    "calm-adam": "Adam with lr 2e-4, beta1 0.5",
    "no-norm": "no batch norm in D",
    "no-norm-r1": "no batch norm in D, and R1",
    "batch-fakes": "D learns from samples drawn with the batch's statistics (CGAN)",
    "averages": "D judged by its running averages in G's updates",
    "r1": "R1, taken with D's running averages",
}


def changed(variant: str, change: str, recipe: Recipe) -> Recipe:
    """The published recipe with one thing changed."""
    published = PUBLISHED[variant]
    if change == "exact-log":
        return recipe.model_copy(update={"objective": published(floor=EXACT)})
    if change == "alive-generator" and variant == "ssgan":
        return recipe.model_copy(update={"objective": AliveSSGAN()})
    if change == "calm-adam":
        return recipe.model_copy(update={"D": CALM, "G": CALM})
    if change in ("no-norm-r1", "r1"):
        return recipe.model_copy(update={"objective": with_r1(published)})
    if change == "batch-fakes":
        return recipe.model_copy(update={"fakes_for_D": "train"})
    if change == "averages":
        return recipe.model_copy(update={"objective": judged_by_averages(published)})
    if change in ("none", "no-norm"):
        return recipe
    raise AtelierError(f"{variant} has no change {change!r}; choose one of {', '.join(CHANGES)}.")


def begin(variant: str, change: str, seed: int, steps: int, channels: int, device: str = "cpu") -> State:
    """The state before the first step of the changed training."""
    config = configure(variant, "published", data="mnist", seed=seed, steps=steps, device=device)
    about = config.about
    config = config.model_copy(update={"settings": changed(variant, change, config.settings)})
    answers = 1 if variant == "dcgan" else 11
    norm = not change.startswith("no-norm")
    return State.fresh(config, lambda: dcgan.networks(about.classes, answers, norm, channels))


def distance(state: State, real: protocol.Real, batch_norm: bool) -> dict[str, float]:
    """fid10k over its floor, and class accuracy: of the shown generator, or of the trained one with its batch norm on the batch."""
    G = state.G if batch_norm else state.ema_or_G
    buffers = [b.clone() for b in G.buffers()]
    x, y = unit_samples(state, G.train(batch_norm), SAMPLES)
    state.G.train()
    for buffer, value in zip(G.buffers(), buffers, strict=True):
        buffer.copy_(value)
    features, opinions = judge.look(x, state.device)
    found = {"fid": frechet.frechet_distance(features, real.features) / judge.facts()["floors"]["fid10k"]}
    return found | ({} if y is None else {"class_accuracy": classes.agreement(opinions, y)})


def steepness(state: State, probe: Prober) -> float:
    """Mean slope of D's score at real images, D's batch norm on its running averages."""
    objective = state.config.settings.objective
    y = None if probe.labels is None else probe.labels[:256]
    with on_averages(state.D):
        return penalties.squared_gradient_norm(lambda x: objective.scores(state.D(x), y), probe.real[:256]).sqrt().mean().item()


def train(variant: str, change: str, seed: int, steps: int, channels: int, every: int, device: str) -> None:
    """One training, measured every `every` steps."""
    state = begin(variant, change, seed, steps, channels, device)
    measure(state, FOLDER / f"{variant}-{change}-{channels}-{seed}.jsonl", steps, every)


def late(run: Run, change: str, seed: int) -> State:
    """A training as published where it stands, from there on with one thing changed, and with batches and latents that `seed` draws.

    Raises AtelierError if the run is no published training of text 001's three, or one that cannot go on.
    """
    if run.config.variant not in PUBLISHED or run.config.recipe != "published":
        raise AtelierError(f"{run.id} cannot be treated: only published trainings of {', '.join(PUBLISHED)} can.")
    if not run.resume_path.is_file():
        raise AtelierError(f"{run.id} cannot go on: it has no resume.safetensors (shipped runs have none). Train it anew, then treat that.")
    config = run.config.model_copy(update={"seed": seed, "settings": changed(run.config.variant, change, run.config.settings)})
    return State.resumed(config, run.resume_path)


def measure(state: State, path: Path, steps: int, every: int) -> None:
    """Trains on for so many steps, and writes what is seen every `every` steps."""
    real, probe = protocol.real_digits(), Prober(state)
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    began = time.perf_counter()
    for _ in range(steps // every):
        rows = [train_step(state) for _ in range(every)]
        numbers = fetch(rows)
        line: dict[str, float] = {"step": state.step}
        for name in ("D/gradient", "G/gradient", "D(x)", "D(G(z))"):
            line[name] = float(np.median([row[name] for row in numbers]))
        seen = probe(state)
        line |= {name: seen.numbers[name] for name in ("ink", "spread", "pull", "dead_share", "kid1k", "coverage1k", "digits_tv")}
        line |= {"margin": margin({"scores": seen.scores}), "steepness": steepness(state, probe), **distance(state, real, batch_norm=False)}
        line["fid_batch"] = distance(state, real, batch_norm=True)["fid"]
        measurements.add(path, {name: float(f"{value:.5g}") for name, value in line.items()})
        said = "  ".join(f"{name} {line[name]:.3g}" for name in ("fid", "fid_batch", "ink", "dead_share", "margin", "G/gradient"))
        print(f"{path.stem}  step {state.step:6d}  {time.perf_counter() - began:5.0f} s  {said}", flush=True)
        if not all(np.isfinite(value) for value in line.values()):
            return


def margin(probe: dict[str, Any]) -> float:
    """D's mean score of real samples less that of generated ones."""
    return float(np.mean(probe["scores"]["real"]) - np.mean(probe["scores"]["fake"]))


def keep(run: Run) -> Path:
    """Writes the numbers of a run's probes, and D's margin in place of its scores."""
    config = run.config
    path = FOLDER / "long" / f"{config.variant}-{config.recipe}-{config.seed}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    for p in run.probes:
        measurements.add(path, {name: value for name, value in p.items() if name != "scores"} | {"margin": round(margin(p), 3)})
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run")
    run.add_argument("variant", choices=PUBLISHED)
    run.add_argument("--change", choices=CHANGES, default="none")
    run.add_argument("--seeds", type=int, nargs="+", default=[0])
    run.add_argument("--steps", type=int, default=20_000)
    run.add_argument("--every", type=int, default=1_000)
    run.add_argument("--channels", type=int, default=64, help="64 as published")
    run.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    commands.add_parser("keep").add_argument("run")
    treat = commands.add_parser("treat")
    treat.add_argument("run")
    treat.add_argument("--change", choices=CHANGES, default="none")
    treat.add_argument("--seeds", type=int, nargs="+", default=[0])
    treat.add_argument("--steps", type=int, default=3_000)
    treat.add_argument("--every", type=int, default=250)
    try:
        act(parser.parse_args())
    except AtelierError as error:
        raise SystemExit(str(error)) from None


def act(arguments: argparse.Namespace) -> None:
    """What the command line asks for. Raises AtelierError."""
    malloc.keep_freed_memory()
    if arguments.command == "run":
        for seed in arguments.seeds:
            train(arguments.variant, arguments.change, seed, arguments.steps, arguments.channels, arguments.every, arguments.device)
    elif arguments.command == "treat":
        for seed in arguments.seeds:
            state = late(runs.find(arguments.run), arguments.change, seed)
            path = FOLDER / "late" / f"{state.config.variant}-{arguments.change}-{seed}.jsonl"
            measure(state, path, arguments.steps, arguments.every)
    else:
        print(keep(runs.find(arguments.run)))


if __name__ == "__main__":
    main()
