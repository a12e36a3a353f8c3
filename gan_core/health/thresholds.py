"""The numbers at which health's rules turn. Each lies between what healthy runs gave and what runs gave that were made to fail.

"Healthy" are the shipped runs and short ones of every stable recipe, past their warm-up; docs/log.md (health) has those that were made
to fail. `python -m benchmarks.thresholds` prints each beside the numbers of the shipped runs, and a test replays these runs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """All of them, by name; beneath each what it is compared with, and what both sides of it were."""

    warmup: float = 0.05
    "share of the recipe's full training: by then every stable recipe had legible samples or fast falling distances"
    recent: float = 0.1
    "share of a run's steps, its last ones, over which the numbers of the game are averaged"

    # what the samples are like
    improving: float = 0.7
    "a distance below this share of what it was at half the steps: gan-bn, the slowest to start, 0.01; standing ones 0.85 to 1.2"
    worse: float = 2.0
    "times the best distance it had: healthy at most 1.2; a published cgan that swung, 4.6"
    close_kid: float = 0.5
    "kid1k below which samples look like real ones at a glance: dcgan at its end 0.4; gan, many a scribble among them, 4"
    bad_kid: float = 10.0
    "kid1k: healthy 0.1 to 7 (gan-bn 19 and falling at twice its warm-up); untrained 40 to 80,000; broken 12 to 1,000"
    bad_accuracy: float = 0.5
    "class accuracy: healthy 0.82 to 0.98; guessing 0.1"
    bad_curve: float = 0.45
    "share of the amplitude by which a curve is off: healthy 0.01 to 0.36; broken 0.5 and more"
    bad_image: float = 2.0
    "factor by which ink or spread is off, where no judge reads the images: healthy 0.77 to 1.5"

    # variety
    low_spread: float = 0.5
    "of the real images' spread: healthy 0.71 to 1.02; collapsed 0.2 to 0.48"
    fair_spread: float = 0.7
    "the same, for samples of few digits: noise varies enough, and the judge sees digits even in noise"
    few_digits: float = 5
    "of ten: healthy 8 to 10 (noise that is becoming digits: 1); collapsed 1 to 4"
    low_recall: float = 0.02
    "recall1k, beside a precision1k of good_precision: healthy 0.03 to 0.84; one image repeated, 0"
    good_precision: float = 0.3
    "precision1k from which a low recall means poor variety, not poor samples"
    one_phase: float = 0.8
    "phase_concentration of sines that should have all phases: healthy 0.02 to 0.16; collapsed 0.91 to 0.99"

    # the game
    most_dead: float = 0.7
    "dead_share, median of three probes: healthy at most 0.01; a saturating loss that still learned 0.3 to 0.55; dead 0.9 to 1"
    sure_real: float = 0.95
    "D(x): healthy at most 0.82; D too strong 0.98"
    sure_fake: float = 0.05
    "D(G(z)): healthy at least 0.19; D too strong 0.018"
    sure_pair: float = 0.05
    "relativistic, mean of softplus(D(G(z)) - D(x)): r3gan 0.16 and more; 0.05 is a difference of 3"
    fooled: float = 0.8
    "D(G(z)): healthy at most 0.5; a G far faster than its D 0.82 to 0.97"
    undecided: float = 0.03
    "D(x) - D(G(z)) while the samples are bad: a D that gave up 0 to 0.004"
    no_gradient: float = 1e-6
    "norm of G's gradient: healthy 0.03 and more (wgan in its first steps 2e-4); dead 0 to 1e-8"
    huge_loss: float = 100.0
    "losses of a D with probabilities: healthy under 28"
    huge_value: float = 1e5
    "losses and values of a critic: healthy under 2,000"

    # recognising the training images
    memory: float = 0.25
    "(real - held out) / (real - fake) in D's scores: MNIST 0 to 0.4 by chance; 300 images 0.3 to 0.4; 60, 0.7"
    much_memory: float = 0.5
    "the same, from which it is red"
    sure_memory: float = 5.0
    "and real - held out in standard errors; medians of three probes: MNIST at most 3; 300 images 6 to 13; 60, 13 to 25"


THRESHOLDS = Thresholds()
