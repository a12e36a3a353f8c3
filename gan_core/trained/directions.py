"""Directions of a run's latent space that mean something, each with how well it holds, in directions.safetensors.

Three kinds: measured (slant, thickness .. of samples, regressed on z), factorised (the first layer's strongest directions) and principal
(of the first activations). What is said of each is measured on latents that none of them was made from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from torch import Tensor

from gan_core import runs
from gan_core.data.images import to_unit
from gan_core.errors import AtelierError
from gan_core.gans.config import sentence
from gan_core.metrics import curves, morphology
from gan_core.networks import blocks
from gan_core.runs import Run
from gan_core.storage import atomic, header
from gan_core.storage import tensors as checkpoints
from gan_core.trained import axes, paths
from gan_core.trained.model import Trained, load
from gan_core.translation import N_, _
from gan_core.types import Labels, Latents, Samples

Say = Callable[[str], None]

FITTED, HELD_OUT, LOOKED_AT = 4_000, 400, 100  # latents: to find directions, to judge measured ones, and the others
REDRAWN = 40  # latents in which each coordinate is drawn anew
SEED, BLOCK = 0, 250
KEPT = 10  # directions of the first layer, and of its activations, at most
STRONG = 0.7  # a measured direction holds from this correlation on
WEAK = 0.4  # below it a direction is called weak
FARTHEST = 2.0  # standard deviations of the prior that one step goes at most: a weak direction would have to leave the prior

MEASURES = {
    "images": (N_("slant"), N_("thickness"), N_("width"), N_("height"), N_("loops"), N_("brightness")),
    "curves": (N_("amplitude"), N_("frequency"), N_("phase"), N_("offset")),
}

Kind = Literal["measured", "factorised", "principal"]


class Measure(BaseModel):
    """How a measure is distributed over samples: over all of them the mean, within the classes the standard deviation."""

    model_config = ConfigDict(frozen=True)
    mean: float
    sd: float


class Entry(BaseModel):
    """What is known of one direction, but for its vector."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    name: str
    "what it was regressed on, or its rank among its kind, from 1"
    step: float | None
    """how far in z one step goes. Measured: as far as changes the measure by one standard deviation, but at most FARTHEST standard
    deviations of the prior (None: the measure never changes); the others: one standard deviation of the prior"""
    holds: float
    "correlation of the amount moved and the change of the measure, on held-out latents; of others: of the measure they move most"
    effects: dict[str, float]
    """change of each measure for one step, in its standard deviations; for a measured direction its own is 1, or less where a step
    would go too far, and all others are leakage"""
    visible: float
    "root mean square change of the pixels (black 0, white 1) or of the curve for one step"

    @property
    def weak(self) -> bool:
        """Does it hardly do what its name says?"""
        return self.holds < WEAK

    @property
    def quality(self) -> str:
        """How well it does what its name says: "reliable", "fairly reliable" or "weak"."""
        return N_("reliable") if self.holds >= STRONG else N_("weak") if self.weak else N_("fairly reliable")

    @property
    def leakage(self) -> tuple[str, float] | None:
        """What it moves most besides what its name says, and by how many standard deviations a step."""
        others = {name: value for name, value in self.effects.items() if name != self.name}
        return max(others.items(), key=lambda item: abs(item[1])) if others else None


class _About(BaseModel):
    """The metadata of the file."""

    model_config = ConfigDict(frozen=True)

    weights: str
    "sha256 of the weights file it belongs to"
    prior: str
    fitted: int
    held_out: int
    measures: dict[str, Measure]
    directions: list[Entry] = Field(max_length=200)


class Direction(NamedTuple):
    """A way to move in z, with what is known of it."""

    about: Entry
    vector: Tensor
    "[Z], of unit length; zero if the measure never changes"


class Directions(NamedTuple):
    """All directions of a run."""

    all: tuple[Direction, ...]
    "measured, then factorised, then principal; each kind in its order"
    influence: Tensor
    "[Z]: root mean square change of the pixels when this coordinate alone is drawn anew"
    measures: dict[str, Measure]
    fitted: int
    held_out: int

    def of(self, kind: Kind) -> list[Direction]:
        """Those of one kind."""
        return [d for d in self.all if d.about.kind == kind]

    def named(self, name: str) -> Direction:
        """The measured one of that name. Raises AtelierError with the names there are."""
        found = {d.about.name: d for d in self.of("measured")}
        if name not in found:
            raise AtelierError(_("There is no direction {name!r}; choose one of {found}.").format(name=name, found=", ".join(found)))
        return found[name]

    @property
    def order(self) -> list[int]:
        """The coordinates of z, the most influential first."""
        return self.influence.argsort(descending=True, stable=True).tolist()


def of(run: Run) -> Directions | None:
    """The directions of a run; None if it has none, or only such of other weights. Raises AtelierError if its file is damaged."""
    weights, path = run.weights, run.directions_path
    if weights is None or not path.is_file():
        return None
    try:
        about = _About.model_validate_json(header.metadata_of(path).get("about", ""))
    except ValidationError as error:
        raise AtelierError(
            _("{file} of {run} does not say what it holds: {error}").format(file=path.name, run=run.id, error=sentence(error))
        ) from None
    prior = run.config.about.prior
    if about.weights != fingerprint(weights) or about.prior != str(prior):
        return None
    shape = (len(about.directions), prior.size)
    tensors = checkpoints.read(path, {"vectors": (torch.float32, shape), "influence": (torch.float32, (prior.size,))})
    found = (Direction(entry, vector) for entry, vector in zip(about.directions, tensors["vectors"], strict=True))
    return Directions(tuple(found), tensors["influence"], about.measures, about.fitted, about.held_out)


def fingerprint(weights: Path) -> str:
    """The sha256 of a weights file."""
    return hashlib.sha256(weights.read_bytes()).hexdigest()


def write(run: Run, say: Say = lambda _: None, *, fitted: int = FITTED) -> Directions:
    """Finds the directions of a run and keeps them in its folder. Raises AtelierError where it has no weights or cannot be written."""
    model = load(run)
    weights = run.weights
    assert weights is not None
    found, mark = find(model, say, fitted=fitted), fingerprint(weights)
    about = _About(
        weights=mark,
        prior=str(model.prior),
        fitted=found.fitted,
        held_out=found.held_out,
        measures=found.measures,
        directions=[d.about for d in found.all],
    )
    tensors = {"vectors": torch.stack([d.vector for d in found.all]), "influence": found.influence}
    try:
        atomic.write(run.directions_path, checkpoints.encode(tensors, about=about.model_dump_json()))
    except OSError as error:
        raise AtelierError(runs.cannot_write(run.folder, error)) from error
    return found


def find(model: Trained, say: Say = lambda _: None, *, fitted: int = FITTED) -> Directions:
    """The directions of a trained GAN. With fewer than FITTED latents it is quicker, and measured directions are worse."""
    look = _Look(model)
    k = model.variant.classes
    say(N_("first layer"))
    slopes = [axes.slope(model.G, model.prior.size, y) for y in (range(k) if k else [None])]
    count = min(KEPT, model.prior.size)
    z, y = look.draws(fitted, SEED)
    activations = torch.cat([axes.first_layer(model.G, *block).after for block in blocks(z, y, BLOCK)])
    say(N_("measures of samples"))
    values = look.measures(look.samples(z, y))
    spread = axes.within(values, y).std(0)
    candidates: list[tuple[Kind, str, Tensor]] = [
        *(("measured", name, vector) for name, vector in zip(look.names, axes.regressed(values, z, y), strict=True)),
        *(("factorised", str(i + 1), vector) for i, vector in enumerate(axes.factorised(slopes, count))),
        *(("principal", str(i + 1), vector) for i, vector in enumerate(axes.principal(activations, z, y, count))),
    ]
    say(N_("how well they hold"))
    found = []
    n = max(20, min(HELD_OUT, fitted // 10))
    z, y = look.draws(n, SEED + 1)
    x = look.samples(z, y)
    before = look.measures(x)
    for kind, name, vector in candidates:
        m = n if kind == "measured" else min(n, LOOKED_AT)
        found.append(look.judged(kind, name, vector, z[:m], None if y is None else y[:m], x[:m], before[:m], spread))
    say(N_("influence of each coordinate"))
    influence = look.influence(min(n, REDRAWN))
    measures = {name: Measure(mean=values[:, i].mean().item(), sd=spread[i].item()) for i, name in enumerate(look.names)}
    return Directions(tuple(found), influence, measures, fitted, n)


class _Look:
    """A generator, drawn from and measured."""

    def __init__(self, model: Trained) -> None:
        self.model, self.prior = model, model.prior
        self.names = MEASURES[model.variant.kind]

    def draws(self, n: int, seed: int) -> tuple[Latents, Labels | None]:
        """n latents, and the classes 0, 1, 2 .. in turn where there are classes."""
        z = self.prior.sample(n, torch.device("cpu"), torch.Generator().manual_seed(seed))
        k = self.model.variant.classes
        return z, torch.arange(n) % k if k else None

    def samples(self, z: Latents, y: Labels | None) -> Samples:
        """G(z, y); images from black 0 to white 1."""
        x = self.model.generate(z, y, BLOCK)
        return to_unit(x, self.model.G.pixels) if self.model.variant.kind == "images" else x

    def measures(self, x: Samples) -> Tensor:
        """What is measured of each sample, [N, M] in the order of `names`."""
        if self.model.variant.kind == "images":
            found = morphology.measure(x)
            return torch.from_numpy(np.stack([getattr(found, name) for name in self.names], 1))
        at = self.model.abscissae.astype(np.float64)
        fit = curves.fit_sines(at, x.double().numpy())
        middle = fit.phase + fit.frequency * at.mean()  # where the frequency turns the phase least
        turn = np.angle(np.exp(1j * (middle - np.angle(np.exp(1j * middle).mean()))))
        return torch.from_numpy(np.stack([fit.amplitude, fit.frequency, np.degrees(turn), fit.offset], 1))

    def changes(self, before: Tensor, after: Tensor) -> Tensor:
        """Differences of measures [N, M]; of phases the short way around."""
        change = after - before
        if "phase" in self.names:
            i = self.names.index("phase")
            change[:, i] = (change[:, i] + 180) % 360 - 180
        return change

    def judged(
        self, kind: Kind, name: str, vector: Tensor, z: Latents, y: Labels | None, x: Samples, before: Tensor, spread: Tensor
    ) -> Direction:
        """Moves each latent along the direction by an amount of its own, up to two standard deviations of the prior, and measures."""
        amounts = (2 * torch.rand(len(z), generator=torch.Generator().manual_seed(SEED + 2)) - 1) * 2 * self.prior.std
        there = self.samples(paths.moved(self.prior, z, vector, amounts), y)
        change = self.changes(before, self.measures(there))
        effects = {
            n: axes.effect(amounts, change[:, i] / spread[i]) if spread[i] > 1e-9 else axes.Effect(0.0, 0.0)
            for i, n in enumerate(self.names)
        }
        step: float | None = self.prior.std
        if kind == "measured":
            own = effects[name]
            holds, farthest = own.correlation, FARTHEST * self.prior.std
            step = min(farthest, 1 / own.slope if own.slope > 0 else farthest) if vector.any() else None
        else:
            holds = max(abs(e.correlation) for e in effects.values())
        per_unit = ((there - x).flatten(1).pow(2).mean(1).sum() / amounts.pow(2).sum()).sqrt().item()
        entry = Entry(
            kind=kind,
            name=name,
            step=None if step is None else _rounded(step),
            holds=_rounded(max(0.0, holds)),
            effects={n: _rounded(e.slope * (step or self.prior.std)) for n, e in effects.items()},
            visible=_rounded(per_unit * (step or self.prior.std)),
        )
        return Direction(entry, vector.float())

    def influence(self, n: int) -> Tensor:
        """[Z]: what drawing one coordinate anew changes; half its square is the coordinate's total share of the variance.

        Source: Jansen 1999, doi:10.1016/S0010-4655(98)00154-4.
        """
        z, y = self.draws(n, SEED + 3)
        fresh, _ = self.draws(n, SEED + 4)
        x = self.samples(z, y)
        found = []
        for i in range(self.prior.size):
            other = z.clone()
            other[:, i] = fresh[:, i]
            found.append((self.samples(other, y) - x).pow(2).mean().sqrt())
        return torch.stack(found).float()


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def table(run: Run) -> str:
    """The measured directions of a run, Markdown. Raises AtelierError if it has none."""
    found = of(run)
    if found is None:
        raise AtelierError(
            _("{run} has no directions that fit its weights: `python -m gan_core directions {run}` finds them.").format(run=run.id)
        )
    lines = [
        f"`{run.id}`: {found.held_out} held-out latents",
        "",
        "| direction | holds | step in z | moves it by | visible | leaks most into |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for about, _vector in found.of("measured"):
        leak = about.leakage
        step = "none" if about.step is None else f"{about.step:.2f}"
        own = about.effects[about.name]
        lines.append(
            f"| {about.name} | {about.holds:.2f}{' (weak)' if about.weak else ''} | {step} | {own:.2f} sd | {about.visible:.3f} | "
            f"{f'{leak[0]} {leak[1]:+.2f}' if leak else ''} |"
        )
    return "\n".join(lines)
