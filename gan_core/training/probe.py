"""A look at a training that is cheap enough to be taken again and again while it goes on.

What is seen is a function of the networks and the run's seed: the same latents and the same real samples each time. Nothing that
the training carries is changed.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from gan_core.data.curves import sine_abscissae
from gan_core.data.images import ImageData, image_arrays, in_grey_levels, to_range
from gan_core.data.registry import DIGITS
from gan_core.errors import AtelierError
from gan_core.gans.objectives.base import Batch
from gan_core.metrics import classes, curves, frechet, judge, manifold
from gan_core.networks import blocks
from gan_core.seeding import seed_everything, seed_of
from gan_core.training.events import Probe
from gan_core.training.state import State, preserved
from gan_core.types import Labels, Samples

SAMPLES = 1_000  # images the judge reads
CURVES = 64  # curves that sines are fitted to
BLOCK = 500  # samples at a time
SCORED = 256  # samples that D scores
DEAD = 0.05  # a gradient at D's output below this share of the greatest possible moves G no more


class Prober:
    """The fixed material of a run's probes."""

    def __init__(self, state: State) -> None:
        config, variant = state.config, state.config.about
        seed_everything(seed_of(config.seed, "probe"), state.device)
        self.real: Samples
        self.labels: Labels | None
        self.real, self.labels = state.data.distinct(SAMPLES if variant.kind == "images" else CURVES, state.G.pixels)
        self.n = len(self.real)
        self.z = variant.prior.sample(self.n, state.device)
        self.asked = torch.arange(self.n, device=state.device) % variant.classes if variant.classes else None
        self.held_out = _held_out(config.data, state)
        self.unit = in_grey_levels(self.real, state.G.pixels) if variant.kind == "images" else None
        self.features = judge.look(self.unit, state.device)[0] if self.unit is not None and config.data in DIGITS else None

    def __call__(self, state: State) -> Probe:
        """What the shown generator's samples are like, and how the game between the trained networks stands."""
        with preserved(state.ema_or_G), torch.no_grad():
            fake = self._shown_samples(state)
        if self.unit is None:
            numbers = _fitted(fake, state)
        else:
            numbers = {"ink": (fake.mean() / self.unit.mean()).item(), "spread": (_spread(fake) / _spread(self.unit)).item()}
        if self.features is not None:
            numbers |= self._read(fake, state.device)
        scores, game = self._game(state)
        return Probe(state.step, state.seconds, numbers | game, scores)

    def _shown_samples(self, state: State) -> Tensor:
        """Samples of the shown generator: images [N, 1, 28, 28] in [0, 1] on the CPU, or curves [N, L]."""
        state.ema_or_G.eval()
        x = torch.cat([state.ema_or_G(*block) for block in blocks(self.z, self.asked, BLOCK)])
        return x.cpu() if self.unit is None else in_grey_levels(x, state.G.pixels)

    def _read(self, fake: Tensor, device: torch.device) -> dict[str, float]:
        """What the judge makes of the samples."""
        assert self.features is not None
        features, opinions = judge.look(fake, device)
        shares = classes.histogram(opinions)
        near = manifold.compare(self.features, features)
        numbers = {
            "kid1k": frechet.kernel_distance(features, self.features),
            "precision1k": near.precision,
            "recall1k": near.recall,
            "coverage1k": near.coverage,
            "digits_covered": float(classes.covered(shares)),
            "digits_tv": classes.from_uniform(shares),
        }
        return numbers | ({} if self.asked is None else {"class_accuracy": classes.agreement(opinions, self.asked.cpu())})

    def _game(self, state: State) -> tuple[dict[str, list[float]], dict[str, float]]:
        """D's scores of real, held-out and generated samples as training sees them, and what they leave of G's gradient.

        They are the answers of one step, and may lie well beside the record of that step, which is a mean: see `Looker.scores`.
        """
        objective, heard = state.config.settings.objective, []
        n = min(SCORED, self.n)
        y = None if self.labels is None else self.labels[:n]
        hook = state.D.register_forward_hook(lambda _, __, logits: heard.append(logits))
        try:
            with preserved(state.G, state.D):
                state.G.train()
                state.D.train()
                real = Batch(self.real[:n], y)
                with torch.no_grad():
                    fake = Batch(state.G(self.z[:n], y if self.asked is not None else None), y if self.asked is not None else None)
                verdict = objective.g_terms(state.D, real, fake)
                (pull,) = torch.autograd.grad(torch.stack(list(verdict.terms.values())).sum(), heard[-1], allow_unused=True)
                with torch.no_grad():
                    scores = {"real": objective.scores(state.D(real.x, real.y), y), "fake": verdict.fake_scores.detach()}
                    if self.held_out is not None:
                        scores["held_out"] = objective.scores(state.D(self.held_out.x, self.held_out.y), self.held_out.y)
        finally:
            hook.remove()
        kept = {name: [float(f"{v:.4g}") for v in s.cpu().tolist()] for name, s in scores.items()}
        if pull is None:  # G does not descend D's answer at all (feature matching)
            return kept, {}
        strength = n * pull.reshape(n, -1).norm(dim=1)  # each sample's share of the mean, as if it were alone
        game = {"pull": strength.mean().item(), "dead_share": (strength < DEAD).float().mean().item()}
        return kept, game


def _held_out(name: str, state: State) -> Batch | None:
    """Images that D never trains on, None where the data set has none."""
    if not isinstance(state.data, ImageData):
        return None
    try:
        pixels, labels = image_arrays(name, train=False)
    except AtelierError:
        return None
    if len(pixels) == len(state.data):
        return None  # the training part itself
    rows = torch.randperm(len(pixels), generator=torch.Generator().manual_seed(seed_of(state.config.seed, "held out")))[:SCORED].numpy()
    x = to_range(torch.from_numpy(np.ascontiguousarray(pixels[rows])), state.G.pixels)
    return Batch(x.to(state.device), torch.from_numpy(labels[rows]).long().to(state.device))


def _spread(images: Tensor) -> Tensor:
    """Standard deviation of a pixel over the images, mean over pixels."""
    return images.std(0).mean()


def _fitted(fake: Tensor, state: State) -> dict[str, float]:
    """The sines that fit the curves best."""
    x = sine_abscissae(state.config.data, torch.device("cpu")).numpy().astype(np.float64)
    fit = curves.fit_sines(x, fake.numpy().astype(np.float64))
    return {
        "sine_rmse": float(np.median(fit.error)),
        "amplitude": float(fit.amplitude.mean()),
        "frequency": float(fit.frequency.mean()),
        "phase_concentration": float(abs(np.exp(1j * fit.phase).mean())),
    }
