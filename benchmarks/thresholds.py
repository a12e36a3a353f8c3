"""Each threshold of health beside the numbers behind it: what came nearest to it, among healthy runs and among those made to fail.

    python -m benchmarks.thresholds

Healthy are the shipped runs of stable recipes, the recorded ones and the cures of Break it; broken are its recorded presets (`python -m
benchmarks.recordings`). A run is replayed as if it were read at each look. Measured is what a rule compares with the threshold, at the
looks at which the rule comes to compare it. Of the broken runs the table says which lies farthest beyond the threshold: somebody must.
"""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import pairwise
from typing import NamedTuple

from benchmarks.recordings import Recording, open_all
from gan_core import runs
from gan_core.health import thresholds
from gan_core.health.signs import AMPLITUDE, Signs, Story, fault_of
from gan_core.health.thresholds import CURVE, ILLEGIBLE, KID, Scale
from gan_core.health.thresholds import THRESHOLDS as T
from gan_core.runs import Run

Value = float | None


class Measure(NamedTuple):
    """What a rule compares with a threshold."""

    of: Callable[[Signs], Value]
    "None where the rule does not come to compare it"
    healthy_above: bool
    always: bool = False
    "even during the warm-up"

    def margin(self, value: float, threshold: float) -> float:
        """By which factor a value lies on the healthy side; below 1 it does not."""
        near, far = (threshold, value) if self.healthy_above else (value, threshold)
        return far / near if near > 0 else math.inf


def _fault(scale: Scale, sign: Callable[[Signs], bool]) -> Callable[[Signs], Value]:
    return lambda s: s.fault if s.fault is not None and s.scale == scale and sign(s) else None


def _stands(s: Signs) -> bool:
    """As long as the samples get better, or this is not known, what is wrong with them may be anything."""
    return s.improving is False


def _improvement(s: Signs) -> Value:
    """Of samples that are bad: what is wrong as a share of what was wrong at half the steps."""
    now, then = (s.probe, s.earlier_probe) if not s.n_looks else ({}, {})
    fault, before = fault_of(s.config, now), fault_of(s.config, then)
    return fault / before if s.bad and fault is not None and before else None


def _times_its_best(s: Signs) -> Value:
    best = fault_of(s.config, s.best)
    return s.fault_lately / best if s.fault_lately is not None and best and s.fault_lately > s.scale.grown else None


def _if_probabilistic(name: str) -> Callable[[Signs], Value]:
    return lambda s: s.game.get(name) if s.probabilistic else None


def _sure(name: str, other: str, limit: float, above: bool) -> Callable[[Signs], Value]:
    """Both together make a D without doubt: each is measured where the other is beyond its threshold."""

    def measured(s: Signs) -> Value:
        beyond = s.game.get(other)
        if not s.probabilistic or beyond is None:
            return None
        return s.game.get(name) if (beyond > limit if above else beyond < limit) else None

    return measured


def _probed(name: str) -> Callable[[Signs], Value]:
    return lambda s: s.probe.get(name)


def _standing_variety(s: Signs) -> Value:
    return s.variety[0] if s.variety and s.variety[1] is False else None


def _standing_digits(s: Signs) -> Value:
    if not _stands(s):
        return None
    return (s.look.get("digits") if s.close else None) if s.n_looks else s.probe.get("digits_covered")


def _recall(s: Signs) -> Value:
    return s.probe["recall1k"] if s.probe.get("precision1k", 0.0) > T.good_precision and _stands(s) else None


def _largest(s: Signs, probabilistic: bool) -> Value:
    if s.probabilistic != probabilistic:
        return None
    names = ("D/loss", "G/loss") if probabilistic else ("D/loss", "G/loss", "D(x)", "D(G(z))")
    return max((abs(s.game[n]) for n in names if n in s.game), default=None)


def _recognition(s: Signs, which: int) -> Value:
    """The share and its standard errors count together: each is measured where the other is over its threshold."""
    found = s.recognition
    return found[which] if found and found[1 - which] > (T.sure_memory, T.memory)[which] else None


MEASURES = {
    "illegible": Measure(_fault(ILLEGIBLE, _stands), False),
    "curve": Measure(_fault(CURVE, _stands), False),
    "kid": Measure(_fault(KID, _stands), False),
    "improving": Measure(_improvement, False),
    "worse": Measure(_times_its_best, False),
    "low_variety": Measure(_standing_variety, True),
    "one_shape": Measure(lambda s: s.digits_lately if s.variety and s.variety[0] < T.fair_variety else None, True),
    "few_digits": Measure(_standing_digits, True),
    "low_recall": Measure(_recall, True),
    "few_phases": Measure(lambda s: s.phases_lately, True),
    "one_phase": Measure(lambda s: s.probe.get("phase_concentration") if s.config.data in AMPLITUDE and not s.n_looks else None, False),
    "most_dead": Measure(lambda s: s.dead, False),
    "all_dead": Measure(lambda s: s.dead if s.probabilistic and (s.gap or 0.0) > T.sure_real else None, False),
    "faded": Measure(lambda s: s.faded if s.probabilistic and (s.gap or 0.0) > T.sure_real else None, True, always=True),
    "sure_real": Measure(_sure("D(x)", "D(G(z))", T.sure_fake, above=False), False),
    "sure_fake": Measure(_sure("D(G(z))", "D(x)", T.sure_real, above=True), True),
    "sure_pair": Measure(lambda s: s.game.get("D/pairing"), True),
    "fooled": Measure(lambda s: s.game.get("D(G(z))") if s.probabilistic and s.bad else None, False),
    "undecided": Measure(lambda s: abs(s.gap) if s.bad and s.probabilistic and s.gap is not None else None, True),
    "no_gradient": Measure(lambda s: s.game.get("G/gradient"), True, always=True),
    "huge_loss": Measure(lambda s: _largest(s, True), False, always=True),
    "huge_value": Measure(lambda s: _largest(s, False), False, always=True),
    "memory": Measure(lambda s: _recognition(s, 0), False),
    "sure_memory": Measure(lambda s: _recognition(s, 1), False),
}
"by the name of the threshold; the others are no limits between healthy and broken"
SCALES = {"illegible": ILLEGIBLE.bad, "curve": CURVE.bad, "kid": KID.bad}


def limit(name: str) -> float:
    """The threshold of that name."""
    return SCALES[name] if name in SCALES else float(getattr(T, name))


class Nearest(NamedTuple):
    """What came nearest to a threshold, or went farthest beyond it."""

    run: str
    step: int
    value: float
    margin: float


def as_recorded(run: Run) -> Recording:
    """A run's own files as a recording."""
    return Recording(run.id, "healthy", run.config, run.status, run.records()[0], run.probes, run.looks)


def without_looks(recording: Recording) -> Recording:
    """The same as a run of before there were looks."""
    return recording._replace(name=f"{recording.name}, no looks", looks=[])


def shipped() -> list[Recording]:
    """The shipped runs of stable recipes."""
    return [as_recorded(run) for run in runs.shipped() if run.config.recipe == "stable"]


def healthy() -> list[Recording]:
    """All runs that nothing is wrong with."""
    whole = shipped()
    return [*whole, *(without_looks(each) for each in whole if each.probes), *(r for r in open_all() if r.role != "broken")]


def broken() -> list[Recording]:
    """Runs that were made to fail."""
    return [recording for recording in open_all() if recording.role == "broken"]


def measured(run: Recording) -> Iterator[tuple[str, Nearest]]:
    """By threshold, what its rule compares with it at each look of a run."""
    for signs in Story(run.config, run.records, run.probes, run.looks).moments():
        for name, measure in MEASURES.items():
            if (signs.in_warmup and not measure.always) or (value := measure.of(signs)) is None or signs.n_records < 2:
                continue
            yield name, Nearest(run.name, signs.step, value, measure.margin(value, limit(name)))


def nearest(recordings: Iterable[Recording], beyond: bool = False) -> dict[str, Nearest]:
    """By threshold, what lies nearest to it on its healthy side (farthest on the other); those never compared with are left out."""
    found: dict[str, Nearest] = {}
    for recording in recordings:
        for name, each in measured(recording):
            if name not in found or each.margin < found[name].margin:
                found[name] = each
    return {name: each for name, each in found.items() if not beyond or each.margin < 1}


def notes() -> dict[str, str]:
    """By threshold, what is said beneath it in the source."""
    (body,) = [
        node.body for node in ast.parse(inspect.getsource(thresholds)).body if isinstance(node, ast.ClassDef) and node.name != "Scale"
    ]
    said = {}
    for field, note in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(note, ast.Expr):
            said[ast.unparse(field.target)] = str(ast.literal_eval(note.value))
    return said


def main() -> None:
    well, ill, said = nearest(healthy()), nearest(broken(), beyond=True), notes()
    print("| threshold | value | nearest healthy run | at step | there | broken run farthest beyond | at step | there | what it is |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in dict.fromkeys((*SCALES, *asdict(T))):
        cells = [f"{name}", f"{limit(name):g}"]
        for found in (well, ill):
            near = found.get(name)
            cells += [near.run, f"{near.step:,}", f"{near.value:.3g}"] if near else ["", "", ""]
        print(f"| {' | '.join(cells)} | {said.get(name, 'known to be bad')} |")


if __name__ == "__main__":
    main()
