"""The numbers at which health's rules turn. Each lies between what healthy runs gave and what runs gave that were made to fail.

"Healthy" are the shipped runs of stable recipes and the recorded ones (tests/health), past their youth; the recorded presets of Break it
are those that were made to fail. `python -m benchmarks.thresholds` prints each beside the numbers of both, and a test replays them all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple


class Scale(NamedTuple):
    """Where a measure of what is wrong with samples turns: each is the most that it may be."""

    learned: float
    grown: float
    bad: float


ILLEGIBLE = Scale(learned=0.3, grown=0.5, bad=0.95)
"share of a look's samples that cannot be read as a digit, as the one asked for where one is asked for"
CURVE = Scale(learned=0.2, grown=0.3, bad=0.6)
"what a curve is off the best sine, and that sine off the true height, as a share of the true height"
IMAGE = Scale(learned=-1.0, grown=math.log(1.7), bad=math.log(2.0))
"logarithm of the factor by which ink or variety are off, where no judge reads the images: that they have learned is not known of these"
KID = Scale(learned=5.0, grown=7.0, bad=10.0)
"kid1k, of runs from before there were looks; below `close_kid` samples look like real ones"


@dataclass(frozen=True)
class Thresholds:
    """All the others, by name; beneath each what it is compared with, and what both sides of it were."""

    warmup: float = 0.05
    "share of the recipe's full training by which every stable recipe had legible samples or fast falling distances"
    warmup_least: int = 250
    "steps: acgan's full training is 1,200 of them, and its first digits can be read after 100"
    recent: float = 0.1
    "share of a run's steps, its last ones, over which the numbers of the game are averaged"
    stale: float = 1 / 3
    "share of a run's steps after which a probe says nothing any more"

    # what the samples are like
    improving: float = 0.7
    "what is wrong with the samples, as a share of what was wrong at half the steps: gan-bn, the slowest to start, 0.01 of its kid1k"
    improving_by: float = 0.05
    "or by how much less: of the samples that can be read, or as much on the other scales, bad being 1"
    worse: float = 2.0
    "times what was wrong at its best: healthy at most 1.3; a published cgan that swung, 4.6"
    close_kid: float = 0.5
    "kid1k below which samples look like real ones at a glance: dcgan at its end 0.4; gan, many a scribble among them, 4"
    poor: float = 0.3
    "share of the recipe's full training from which samples that do not get better must be good enough to have grown"

    # variety
    low_variety: float = 0.5
    "of the real images' pixel spread: healthy, while it does not grow, 0.73 to 1.02; collapsed 0.03 to 0.5"
    growing: float = 1.3
    "times the variety at half the steps, from which low variety is on its way: healthy 1.4 and more while it is low; collapsed 1.25"
    fair_variety: float = 0.6
    "the same, for samples of few digits: gan-bn's first digits are few while its noise varies by 0.9"
    one_shape: float = 2
    "digits that the last looks have at most, however few of their samples can be read: healthy 3 to 10; collapsed 1"
    enough_legible: int = 10
    "samples of the last looks that can be read, from which their digits are counted"
    few_digits: float = 5
    "of ten, among samples most of which can be read: healthy 8 to 10; collapsed 1 to 4"
    low_recall: float = 0.02
    "recall1k, beside a precision1k of good_precision: healthy 0.03 to 0.84; one image repeated, 0"
    good_precision: float = 0.3
    "precision1k from which a low recall means poor variety, not poor samples"
    few_phases: float = 3
    "of eight sectors, covered by 16 curves that should have all phases: healthy 5 to 8; collapsed 1 to 3, on both sides of a border"
    one_phase: float = 0.8
    "phase_concentration of the same in probes: healthy 0.02 to 0.16; collapsed 0.91 to 0.99"

    # the game
    most_dead: float = 0.7
    "dead_share, median of three probes: healthy at most 0.01; a saturating loss that still learned 0.3 to 0.55; dead 0.9 to 1"
    all_dead: float = 0.95
    "the same, with a D(x) - D(G(z)) above sure_real, from which G learns no more, whatever its samples are like"
    faded: float = 0.01
    "G's gradient, of the greatest it has had, with a D as sure as that: frozen 1e-3 and less"
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
