"""What a page keeps of a run's records from one redraw to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from gan_core import runs
from gan_core.gans.config import configure
from pages.shared import history
from tests.pages.app import own


def test_curves_follow_a_file_that_is_rewritten(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    seen = history.of(run)
    assert seen.curve("D/loss")[0] == [1, 2, 3, 4, 5, 6]
    run.append_records([{"step": 7, "seconds": 1.0, "D/loss": 0.5}, {"step": 8, "seconds": 1.0, "D/loss": float("nan")}])
    assert history.of(run).curve("D/loss")[0][-1] == 7, "what is no number is not drawn"
    run.forget_after(3)
    run.append_records([{"step": step, "seconds": 1.0, "D/loss": 0.25} for step in range(4, 9)])
    steps, values = history.of(run).curve("D/loss")
    assert steps == list(range(1, 9))
    assert values[3:] == [0.25] * 5


def test_curves_are_thinned_to_means() -> None:
    run = runs.new(configure("gan", steps=10))
    run.append_records([{"step": step, "D/loss": float(step % 2)} for step in range(1, 4001)])
    steps, values = history.of(run).curve("D/loss")
    assert 0.9 * history.POINTS < len(steps) <= history.POINTS
    assert steps[-1] == 4000
    assert set(values) == {0.5}
    run.append_records([{"step": step, "D/loss": 0.5} for step in range(4001, 40_001)])
    assert len(history.of(run).records) <= history.KEPT, "a training of hours does not fill the server's memory"
    steps, values = history.of(run).curve("D/loss")
    assert steps[-1] == 40_000
    assert set(values) == {0.5}


def test_the_thick_line_never_rewrites_what_was_drawn() -> None:
    """A trailing mean over the last 5 % of the steps; in the first hundred steps there is none."""
    values = [float((7 * step) % 11) for step in range(1, 401)]
    drawn: dict[float, float] = {}
    run = runs.new(configure("gan", steps=10))
    for first in range(0, 400, 25):
        run.append_records([{"step": first + i + 1, "D/loss": values[first + i]} for i in range(25)])
        steps, means = history.of(run).smoothed("D/loss")
        assert min(steps, default=101) > history.RAW
        for step, mean in zip(steps, means, strict=True):
            assert drawn.setdefault(step, mean) == mean
    assert drawn[200] == pytest.approx(sum(values[190:200]) / 10, rel=1e-4)
