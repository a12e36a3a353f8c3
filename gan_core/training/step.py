"""One step of any GAN: D's updates and G's in the recipe's order, then the moving average; or the updates of one of the two alone.

The randomness of a step is a function of (seed, step): torch's global random state is set anew before each step, so that
resuming after step k gives bit for bit what never stopping gives, whatever else drew random numbers in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from gan_core.gans.objectives.base import Batch
from gan_core.networks import ema
from gan_core.runs.pace import Turn
from gan_core.seeding import seed_everything, seed_of
from gan_core.training.cuda_graph import Row
from gan_core.training.optimizers import descend, gradient
from gan_core.training.state import State
from gan_core.types import Labels, Latents

NONE = slice(0)  # of a batch: none of its samples


def train_step(state: State, turn: Turn = "both") -> Row:
    """One step of any GAN: D's updates and G's in the recipe's order, then the average. Gives the step's numbers, on the device.

    "D" or "G" makes the updates that this network has in a step, and leaves the other one exactly as it was; the losses of both are
    among the numbers all the same, and the gradient of the one that moved.
    """
    recipe = state.config.settings
    state.set_rates()

    def seed() -> None:
        seed_everything(seed_of(state.config.seed, state.step), state.device)

    if turn != "both":
        seed()
        with _buffers_kept(state.G if turn == "D" else state.D):
            row = _updates(state, turn)
    elif state.cuda_graph is None:
        seed()
        row = _updates(state)
    else:
        row = state.cuda_graph(state.step % recipe.objective.period == 0, seed, lambda: _updates(state))
    if state.average is not None and recipe.average is not None and turn != "D":
        ema.update(state.average, state.G, recipe.average, state.step)
    state.step += 1
    state.single_d += turn == "D"
    state.single_g += turn == "G"
    return row


def _updates(state: State, turn: Turn = "both") -> Row:
    """The updates of one step; of the step's number only whether the objective's period divides it matters.

    Whoever is not moved is asked for its terms all the same.
    """
    recipe = state.config.settings
    moves = {"D": turn != "G", "G": turn != "D"}
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
            if moves["D"]:
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
        if moves["G"]:
            descend(state.g_optimizer, verdict.terms)
        row.update({f"G/{name}": term.detach() for name, term in verdict.terms.items()})
        return Batch(fake.x.detach(), g)

    if recipe.first == "G":
        for real, z, g in draw():
            update_D(real, update_G(real, z, g))
    else:
        for _ in range(recipe.d_steps if moves["D"] else 1):
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
    optimizers = {"D": state.d_optimizer, "G": state.g_optimizer}
    row |= {f"{name}/gradient": gradient(optimizer) for name, optimizer in optimizers.items() if moves[name]}
    return row | {name: _seen(state, row[name]) for name in ("D(x)", "D(G(z))")}


@contextmanager
def _buffers_kept(network: nn.Module) -> Iterator[None]:
    """What batch norm and others note while samples pass through the network in the block is undone at its end."""
    kept = [(buffer, buffer.clone()) for buffer in network.buffers()]
    try:
        yield
    finally:
        with torch.no_grad():
            for buffer, value in kept:
                buffer.copy_(value)


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
