"""One step of any GAN: D's updates and G's in the recipe's order, then the moving average.

The randomness of a step is a function of (seed, step): torch's global random state is set anew before each step, so that
resuming after step k gives bit for bit what never stopping gives, whatever else drew random numbers in between.
"""

from __future__ import annotations

import torch
from torch import Tensor

from gan_core.gans.objectives.base import Batch
from gan_core.networks import ema
from gan_core.seeding import seed_everything, seed_of
from gan_core.training.cuda_graph import Row
from gan_core.training.optimizers import descend, gradient
from gan_core.training.state import State
from gan_core.types import Labels, Latents

NONE = slice(0)  # of a batch: none of its samples


def train_step(state: State) -> Row:
    """One step of any GAN: D's updates and G's in the recipe's order, then the average. Gives the step's numbers, on the device."""
    recipe = state.config.settings
    state.set_rates()

    def seed() -> None:
        seed_everything(seed_of(state.config.seed, state.step), state.device)

    if state.cuda_graph is None:
        seed()
        row = _updates(state)
    else:
        row = state.cuda_graph(state.step % recipe.objective.period == 0, seed, lambda: _updates(state))
    if state.average is not None and recipe.average is not None:
        ema.update(state.average, state.G, recipe.average, state.step)
    state.step += 1
    return row


def _updates(state: State) -> Row:
    """D's updates and G's of one step; of the step's number only whether the objective's period divides it matters."""
    recipe = state.config.settings
    row: Row = {}

    def draw() -> list[tuple[Batch, Latents, Labels | None]]:
        real, y = state.real()
        z, g = state.latents(y)
        rows = recipe.batch // recipe.splits
        cut = [slice(i * rows, (i + 1) * rows) for i in range(recipe.splits)]
        return [(_cut(real, c), z[c], None if g is None else g[c]) for c in cut]

    def update_D(real: Batch, fake: Batch) -> None:
        # Separately: first the part of the objective that real samples make and no generated ones, then the other way round.
        halves = (("real", real, _cut(fake, NONE)), ("fake", _cut(real, NONE), fake)) if recipe.separate else ((None, real, fake),)
        for only, of_real, of_fake in halves:
            with state.autocast():
                verdict = recipe.objective.d_terms(state.D, of_real, of_fake, state.step)
            terms = {only: verdict.terms[only]} if only else verdict.terms
            descend(state.d_optimizer, terms)
            recipe.objective.project(state.D)
            row.update({f"D/{name}": term.detach() for name, term in terms.items()})
            if only != "fake":
                assert verdict.real_scores is not None
                row["D(x)"] = verdict.real_scores
            if only != "real":
                row["D(G(z))"] = verdict.fake_scores

    def update_G(real: Batch, z: Latents, g: Labels | None) -> Batch:
        with state.autocast():
            fake = Batch(state.G(z, g), g)
            verdict = recipe.objective.g_terms(state.D, real, fake)
        descend(state.g_optimizer, verdict.terms)
        row.update({f"G/{name}": term.detach() for name, term in verdict.terms.items()})
        return Batch(fake.x.detach(), g)

    if recipe.first == "G":
        for real, z, g in draw():
            update_D(real, update_G(real, z, g))
    else:
        for _ in range(recipe.d_steps):
            parts = draw()
            for real, z, g in parts:
                if recipe.fakes_for_D == "eval":
                    state.G.eval()
                with torch.no_grad(), state.autocast():
                    fake = Batch(state.G(z, g), g)
                if recipe.fakes_for_D == "eval":
                    state.G.train()
                update_D(real, fake)
        for real, z, g in draw() if recipe.fresh_z else parts:
            update_G(real, z, g)

    # What the last updates saw, looked at once.
    row |= {"D/gradient": gradient(state.d_optimizer), "G/gradient": gradient(state.g_optimizer)}
    return row | {name: _seen(state, row[name]) for name in ("D(x)", "D(G(z))")}


def _cut(batch: Batch, c: slice) -> Batch:
    return Batch(batch.x[c], None if batch.y is None else batch.y[c], None if batch.labelled is None else _cut(batch.labelled, c))


def _seen(state: State, scores: Tensor) -> Tensor:
    """Mean of D over samples: probabilities where D gives such, else its raw values."""
    scores = scores.detach()
    return (scores.sigmoid() if state.config.settings.objective.probabilistic else scores).mean()


def fetch(rows: list[Row]) -> list[dict[str, float]]:
    """The numbers of some steps, brought from the device in one transfer."""
    values = iter(torch.stack([value.float() for row in rows for value in row.values()]).tolist())
    return [{name: next(values) for name in row} for row in rows]
