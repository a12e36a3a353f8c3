"""A trained GAN, ready to be sampled from and asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from gan_core import runs
from gan_core.data.curves import sine_abscissae
from gan_core.data.images import to_bytes
from gan_core.errors import AtelierError
from gan_core.gans.objectives import Objective
from gan_core.gans.priors import Prior
from gan_core.gans.variants import CONDITIONAL
from gan_core.gans.variants.entry import Variant
from gan_core.networks import blocks
from gan_core.runs import Run
from gan_core.storage import tensors
from gan_core.translation import _
from gan_core.types import Classes, Labels, Latents, Samples, Scores


class Trained:
    """The generator (its moving average, if the recipe keeps one) and the discriminator of a run, on the CPU, in evaluation mode."""

    def __init__(self, run: Run, weights: Path) -> None:
        self.run = run
        self.config = run.config
        self.G, self.D = self.config.architecture.build()
        for network in (self.G, self.D):
            network.eval().requires_grad_(False)
        tensors.load_weights(weights, self.G, self.D)

    def __repr__(self) -> str:
        return f"Trained({self.run.id!r})"

    @property
    def variant(self) -> Variant:
        """The entry of the table it belongs to."""
        return self.config.about

    @property
    def prior(self) -> Prior:
        """The distribution of z."""
        return self.variant.prior

    @property
    def objective(self) -> Objective:
        """What it was trained by; it knows what D's scores mean."""
        return self.config.settings.objective

    @property
    def probabilistic(self) -> bool:
        """Is sigmoid(score) D's probability of "real"?"""
        return self.objective.probabilistic

    @property
    def abscissae(self) -> np.ndarray:
        """Where the points of a curve lie, [L]."""
        return sine_abscissae(self.config.data, torch.device("cpu")).numpy()

    def latents(self, n: int, seed: int = 0) -> Latents:
        """[n, Z] draws from the prior; the first rows do not depend on n."""
        return self.prior.sample_in_order(n, torch.Generator().manual_seed(seed))

    def generate(self, z: Latents, y: Classes | None = None, batch: int | None = None) -> Samples:
        """G(z, y): images between the ends `G.pixels`, or curves. y: classes [N], or shares of them [N, K], which blends classes.

        With `batch`, so many at a time, which takes less memory. Raises AtelierError if z or y have the wrong shape.
        """
        if z.ndim != 2 or z.shape[1] != self.prior.size:
            raise AtelierError(
                _("{variant} takes latents of shape [n, {size}], not {shape}.").format(
                    variant=self.variant.name, size=self.prior.size, shape=list(z.shape)
                )
            )
        k = self.variant.classes
        if k and (y is None or y.shape not in (z.shape[:1], (len(z), k))):
            raise AtelierError(
                _("{variant} needs a class (0 to {last}) or shares of its {k} classes for each of its latents.").format(
                    variant=self.variant.name, last=k - 1, k=k
                )
            )
        with torch.no_grad():
            y = y if k else None
            return self.G(z, y) if batch is None else torch.cat([self.G(*block) for block in blocks(z, y, batch)])

    def sample(self, n: int, *, digit: int | None = None, seed: int = 0) -> Samples:
        """n samples from the prior: [n, 1, 28, 28] or [n, L]. `digit` asks a conditional GAN for a class; without it, 0, 1, 2 .. in turn.

        Raises AtelierError where a class is asked of a GAN that has none, or one it does not have.
        """
        if n < 1:
            raise AtelierError(_("n = {n} does not fit: ask for at least one sample.").format(n=n))
        if not 0 <= seed < 2**63:
            raise AtelierError(_("seed = {seed} does not fit: choose a whole number from 0 on.").format(seed=seed))
        classes = self.variant.classes
        if digit is not None and not classes:
            raise AtelierError(
                _("{variant} cannot be asked for a digit. Conditional GANs are {conditional}.").format(
                    variant=self.variant.name, conditional=", ".join(CONDITIONAL)
                )
            )
        if digit is not None and not 0 <= digit < classes:
            raise AtelierError(_("digit = {digit} does not fit: choose 0 to {last}.").format(digit=digit, last=classes - 1))
        y = None
        if classes:
            y = torch.arange(n) % classes if digit is None else torch.full((n,), digit)
        return self.generate(self.latents(n, seed), y)

    def scores(self, x: Samples, y: Labels | None = None) -> Scores:
        """How real D finds each sample, [n]: logits of "real" if `probabilistic`, else the critic's values."""
        with torch.no_grad():
            return self.config.settings.objective.scores(self.D(x, y), y)

    def grey(self, x: Samples) -> np.ndarray:
        """Images as grey levels, uint8 [n, 28, 28]."""
        return to_bytes(x, self.G.pixels)


def load(run: str | Path | Run) -> Trained:
    """A trained GAN by variant ("cgan": the shipped one), run id, folder, or Run. Raises AtelierError with what is wrong."""
    run = run if isinstance(run, Run) else runs.find(run)
    weights = run.weights
    if weights is None:
        raise AtelierError(
            _("{run} has no weights yet. Its first checkpoint comes after half a minute, or when it stops.").format(run=run.id)
        )
    return Trained(run, weights)
