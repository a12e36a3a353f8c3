"""Each threshold of health beside the numbers behind it: how near the shipped stable runs came to it, which one came nearest, and when.

    python -m benchmarks.thresholds

A run is replayed from its records and probes, as if it were read at each look. Measured is what a rule compares with the threshold, at the
looks at which the rule comes to compare it; the last column says what both sides gave when the thresholds were chosen (docs/log.md).
"""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import pairwise
from typing import NamedTuple

from gan_core import runs
from gan_core.health import reading, rules, thresholds
from gan_core.health.rules import Health
from gan_core.health.signs import AMPLITUDE, Signs, distance_of
from gan_core.health.thresholds import THRESHOLDS as T
from gan_core.runs import Run, Status

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


def _probed(name: str) -> Callable[[Signs], Value]:
    """A number of the last probe, where the samples do not get better: as long as they do it may be anything."""
    return lambda s: None if s.improving else s.now.get(name)


def _if_probabilistic(name: str) -> Callable[[Signs], Value]:
    return lambda s: s.recent.get(name) if s.probabilistic else None


def _improvement(s: Signs) -> Value:
    now, then = distance_of(s.config, s.now), distance_of(s.config, s.then)
    return now / then if s.bad and now is not None and then else None


def _times_its_best(s: Signs) -> Value:
    now, best = distance_of(s.config, s.now), distance_of(s.config, s.best)
    return now / best if now is not None and best and now >= 0.5 else None


def _off_the_curve(s: Signs) -> Value:
    if s.improving or "sine_rmse" not in s.now:
        return None
    true = AMPLITUDE[s.config.data]
    return float((s.now["sine_rmse"] + abs(s.now["amplitude"] - true)) / true)


def _recall(s: Signs) -> Value:
    return s.now["recall1k"] if s.now.get("precision1k", 0.0) > T.good_precision else None


def _phase(s: Signs) -> Value:
    return s.now.get("phase_concentration") if s.config.data == "sine-family" else None


def _largest(s: Signs, probabilistic: bool) -> Value:
    if s.probabilistic != probabilistic:
        return None
    names = [n for n in s.recent if n.endswith("/loss") or (not probabilistic and n.startswith(("D/", "G/", "D(")))]
    return max((abs(s.recent[n]) for n in names), default=None)


def _recognition(s: Signs, which: int) -> Value:
    """The share and its standard errors count together: each is measured where the other is over its threshold."""
    found = rules.recognition(s.now.get("scores", {}))
    return found[which] if found and found[1 - which] > (T.sure_memory, T.memory)[which] else None


MEASURES = {
    "improving": Measure(_improvement, False),
    "worse": Measure(_times_its_best, False),
    "bad_kid": Measure(_probed("kid1k"), False),
    "bad_accuracy": Measure(_probed("class_accuracy"), True),
    "bad_curve": Measure(_off_the_curve, False),
    "low_spread": Measure(lambda s: s.now.get("spread"), True),
    "few_digits": Measure(_probed("digits_covered"), True),
    "low_recall": Measure(_recall, True),
    "one_phase": Measure(_phase, False),
    "most_dead": Measure(lambda s: s.dead, False),
    "sure_real": Measure(_if_probabilistic("D(x)"), False),
    "sure_fake": Measure(_if_probabilistic("D(G(z))"), True),
    "sure_pair": Measure(lambda s: s.recent.get("D/pairing"), True),
    "fooled": Measure(_if_probabilistic("D(G(z))"), False),
    "undecided": Measure(lambda s: abs(s.gap) if s.bad and s.probabilistic and s.gap is not None else None, True),
    "no_gradient": Measure(lambda s: s.recent.get("G/gradient"), True, always=True),
    "huge_loss": Measure(lambda s: _largest(s, True), False, always=True),
    "huge_value": Measure(lambda s: _largest(s, False), False, always=True),
    "memory": Measure(lambda s: _recognition(s, 0), False),
    "sure_memory": Measure(lambda s: _recognition(s, 1), False),
}
"by the name of the threshold; the others are no limits between healthy and broken"


class Nearest(NamedTuple):
    """What came nearest to a threshold."""

    run: str
    step: int
    value: float
    margin: float


def looks(run: Run) -> Iterator[Signs]:
    """What health saw of the run at each of its probes; once, at its end, if it kept none."""
    records, probes = run.records()[0], run.probes
    if not probes:
        yield Signs(run.config, records, [], run.status)
    for i, probe in enumerate(probes):
        yield Signs(run.config, [r for r in records if r["step"] <= probe["step"]], probes[: i + 1], Status(state="running"))


def replayed(run: Run) -> list[tuple[int, Health]]:
    """Step and reading at each of its probes."""
    return [(s.step, reading.read(s.config, s.records, s.probes, s.status)) for s in looks(run)]


def nearest(healthy: list[Run]) -> dict[str, Nearest]:
    """By threshold, the look of these runs that came nearest to it; those that none of them was ever compared with are left out."""
    found: dict[str, Nearest] = {}
    for run in healthy:
        for signs in looks(run):
            for name, measure in MEASURES.items():
                if (signs.in_warmup and not measure.always) or (value := measure.of(signs)) is None:
                    continue
                margin = measure.margin(value, getattr(T, name))
                if name not in found or margin < found[name].margin:
                    found[name] = Nearest(run.id, signs.step, value, margin)
    return found


def stable() -> list[Run]:
    """The shipped runs of stable recipes, which are those that learn every time."""
    return [run for run in runs.shipped() if run.config.recipe == "stable"]


def notes() -> dict[str, str]:
    """By threshold, what is said beneath it in the source."""
    (body,) = [node.body for node in ast.parse(inspect.getsource(thresholds)).body if isinstance(node, ast.ClassDef)]
    said = {}
    for field, note in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(note, ast.Expr):
            said[ast.unparse(field.target)] = str(ast.literal_eval(note.value))
    return said


def main() -> None:
    found, said = nearest(stable()), notes()
    print("| threshold | value | nearest shipped stable run | at step | there | both sides, when it was chosen |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, value in asdict(T).items():
        near = found.get(name)
        cells = (f"`{near.run}`", f"{near.step:,}", f"{near.value:.3g}") if near else ("", "", "")
        print(f"| {name} | {value:g} | {' | '.join(cells)} | {said[name]} |")


if __name__ == "__main__":
    main()
