"""Evaluates a run by a fixed protocol: 10,000 samples from seed 0, against the 10,000 test images, through the judge.

Writes evaluation.json and card.md into the run's folder. Everything is a function of the run and the judge.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from gan_core.data.curves import seeded_curves, sine_abscissae
from gan_core.data.images import image_arrays, in_grey_levels, to_range
from gan_core.data.registry import DIGITS
from gan_core.errors import AtelierError
from gan_core.evaluation import card
from gan_core.metrics import classes, curves, frechet, gan_train, judge, judge_training, manifold, memorisation
from gan_core.runs import Run
from gan_core.storage import atomic, tensors
from gan_core.trained.model import Trained, load
from gan_core.translation import N_, _
from gan_core.types import Labels

SAMPLES, QUICK, SEED, BLOCK = 10_000, 1_000, 0, 500
TRAIN_SAMPLES = 60_000
Say = Callable[[str], None]


class Real(NamedTuple):
    """What every evaluation compares with: test images, and training images nearest-neighbour searches look among."""

    features: torch.Tensor
    test: torch.Tensor
    labels: torch.Tensor
    train: torch.Tensor


@lru_cache(maxsize=1)
def real_digits() -> Real:
    """MNIST in [0, 1]; raises AtelierError where it is not at hand."""
    train, _ = image_arrays("mnist")
    test, labels = image_arrays("mnist", train=False)
    x = to_range(torch.from_numpy(test), (0.0, 1.0))
    return Real(judge.look(x)[0], x, torch.from_numpy(labels).long(), torch.from_numpy(train))


def floors(train: torch.Tensor, real: Real) -> dict[str, float]:
    """Every distribution metric between 10,000 training images (drawn from seed 0) and the test images: what no generator can beat."""
    rows = torch.randperm(len(train), generator=torch.Generator().manual_seed(SEED))[:SAMPLES]
    features, opinions = judge.look(to_range(train[rows], (0.0, 1.0)))
    return distribution(features, opinions, real)


def judge_anew(say: Say) -> dict[str, Any]:
    """Trains the judge, ships it with the facts that are known of it (hash, test accuracy, seed, floors), and gives these."""
    net = judge_training.train_judge(say)
    atomic.write(judge.FILE, tensors.encode(net.state_dict()))
    judge.forget()
    return measure_judge()


def measure_judge() -> dict[str, Any]:
    """The facts of the shipped judge, measured and written beside it."""
    real = real_digits()
    known = floors(real.train, real)
    train = to_range(real.train, (0.0, 1.0)).flatten(1)
    known["nearest_training_image"] = memorisation.limit(train, real.test.flatten(1))
    facts = {
        "sha256": judge.sha256(),
        "test_accuracy": judge_training.accuracy(judge.load()),
        "seed": judge_training.SEED,
        "epochs": judge_training.EPOCHS,
    }
    facts["floors"] = known
    atomic.write(judge.FACTS, json.dumps(facts, indent=1).encode())
    return facts


def distribution(features: torch.Tensor, opinions: Labels, real: Real) -> dict[str, Any]:
    """The metrics that compare two clouds of features, and the histogram of digits."""
    shares = classes.histogram(opinions)
    return {
        "fid10k": frechet.frechet_distance(features, real.features),
        "kid1k": frechet.kernel_distance(features[:QUICK], real.features[:: len(real.features) // QUICK]),
        **{f"{name}10k": value for name, value in manifold.compare(real.features, features)._asdict().items()},
        "digits": [round(share, 4) for share in shares],
        "digits_covered": classes.covered(shares),
        "digits_tv": classes.from_uniform(shares),
        "digits_entropy_bits": classes.entropy(shares),
    }


def evaluate(run: str | Path | Run, say: Say = lambda _: None) -> dict[str, Any]:
    """All metrics of a run (a Run, or what `load` takes), written into its folder.

    `say` hears in a few words what is being done. Raises AtelierError where the run or the data do not allow it.
    """
    trained = load(run)
    run = trained.run
    say("samples")
    values = _of_curves(trained) if trained.variant.kind == "curves" else _of_digits(trained, say)
    status = run.status
    facts = {"step": status.step, "seconds": status.seconds, "device": status.device, "seed": SEED}
    result = facts | {name: round(v, 5) if isinstance(v, float) else v for name, v in values.items()}
    atomic.write(run.evaluation_path, json.dumps(result, indent=1).encode())
    atomic.write(run.card_path, card.card(run, result).encode())
    return result


def _of_digits(trained: Trained, say: Say) -> dict[str, Any]:
    if trained.config.data not in DIGITS:
        raise AtelierError(_("The judge reads digits only. {run} learned {data}.").format(run=trained.run.id, data=trained.config.data))
    real = real_digits()
    k = trained.variant.classes
    asked = torch.arange(SAMPLES) % k if k else None
    x = unit_samples(trained, SAMPLES, SEED, asked)
    say(N_("the judge looks"))
    features, opinions = judge.look(x)
    values: dict[str, Any] = {"samples": SAMPLES, "judge": judge.sha256()}
    known = judge.facts()["floors"]
    values |= distribution(features, opinions, real)
    values["fid10k_floor"] = known["fid10k"]
    values["fid10k_over_floor"] = values["fid10k"] / known["fid10k"]
    say(N_("copies of training images"))
    train = to_range(real.train, (0.0, 1.0)).flatten(1)
    values["memorised"] = memorisation.memorised(x[:QUICK].flatten(1), train, known["nearest_training_image"])
    if asked is not None:
        values["class_accuracy"] = classes.agreement(opinions, asked)
        say(N_("a classifier learns from samples"))
        y = torch.arange(TRAIN_SAMPLES) % k
        pupil = gan_train.train_on_samples(unit_samples(trained, TRAIN_SAMPLES, SEED + 1, y), y)
        values["gan_train_accuracy"] = 1 - judge.error_on(pupil, real.test, real.labels)
    if trained.config.settings.objective.names_classes:
        low, high = trained.G.pixels
        values["ssgan_test_error"] = judge.error_on(trained.D, real.test * (high - low) + low, real.labels)
    return values


def unit_samples(trained: Trained, n: int, seed: int, y: Labels | None) -> torch.Tensor:
    """n samples as images in [0, 1], rounded to grey levels as the data are: [n, 1, 28, 28]."""
    return in_grey_levels(trained.generate(trained.latents(n, seed), y, BLOCK), trained.G.pixels)


def _of_curves(trained: Trained) -> dict[str, Any]:
    """Error, amplitude, phase and frequency of the best fitting sines, beside those of real curves."""
    real = seeded_curves(trained.config.data, QUICK, SEED)
    x = sine_abscissae(trained.config.data, torch.device("cpu")).numpy().astype(np.float64)
    fake = trained.generate(trained.latents(QUICK, SEED))
    values: dict[str, Any] = {"samples": QUICK}
    for name, y in (("", fake), ("real_", real)):
        fit = curves.fit_sines(x, y.double().numpy())
        turn = np.exp(1j * fit.phase).mean()
        values |= {
            f"{name}sine_rmse": float(np.median(fit.error)),
            f"{name}amplitude": float(fit.amplitude.mean()),
            f"{name}amplitude_sd": float(fit.amplitude.std()),
            f"{name}frequency": float(fit.frequency.mean()),
            f"{name}frequency_sd": float(fit.frequency.std()),
            f"{name}phase_concentration": float(abs(turn)),
        }
    return values
