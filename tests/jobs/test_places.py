"""Whose turn it is: the presenter's kept place, and the estimate for those who wait. Real processes where something trains."""

import subprocess
import sys
import time

import pytest

from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import configure
from gan_core.jobs.places import ASIDE, ENDING, OVERHEAD
from gan_core.runs import Run, RunLabel
from tests.configs import small
from tests.jobs.trainings import LONG, busy, resting, state, straight, until

TEN = configure("sine-mlp", seconds=10)
NEAR = 2.5  # seconds; the time of a status is kept in whole ones


@pytest.fixture
def presenter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.variable("presenter"), "swordfish")


@pytest.fixture
def two_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.variable("max_runs"), "2")


def ids(found: list[Run]) -> list[str]:
    return [run.id for run in found]


def on_its_way(eta: float | None, **more: object) -> Run:
    """A run that takes a place and says so long it will take."""
    run = busy()
    run.write_status(eta=eta, rate=100.0, step=10, **more)
    return run


# the presenter


def test_visitors_fill_the_queue_and_the_presenters_starts_at_once(presenter, two_places):
    first, *others = (jobs.submit(LONG, owner=f"visitor {i}") for i in range(4))
    assert state(first) in runs.TRAINING
    assert [state(run) for run in others] == ["queued"] * 3, "one of two places is kept"
    assert (jobs.slots(), jobs.visitor_slots()) == (2, 1)
    mine = jobs.submit(LONG, owner="me", presenter=True)
    assert state(mine) in runs.TRAINING
    next_one = jobs.submit(LONG, owner="me", presenter=True)
    assert (state(next_one), jobs.position(next_one)) == ("queued", 1)
    assert [jobs.position(run) for run in others] == [2, 3, 4]
    until(lambda: state(first) == "running")
    jobs.stop(first, 60)
    until(lambda: state(next_one) in runs.TRAINING)  # both places are the presenter's: first come, first served
    assert [state(run) for run in others] == ["queued"] * 3


def test_a_presenter_at_work_leaves_the_visitors_their_place(presenter, two_places):
    jobs.submit(LONG, presenter=True)
    first, second = jobs.submit(LONG, owner="a"), jobs.submit(LONG, owner="b")
    assert (state(first) in runs.TRAINING, state(second)) == (True, "queued")


def test_with_one_place_the_presenter_is_the_next(presenter, one_place):
    busy()
    visitors = [jobs.submit(LONG, owner=f"visitor {i}") for i in range(2)]
    mine = [jobs.submit(LONG, presenter=True) for _ in range(2)]
    assert jobs.visitor_slots() == 1, "nothing is kept where there is but one"
    assert ids(jobs.waiting()) == ids([*mine, *visitors])
    jobs.pause(mine[0])
    jobs.rename(mine[0], "On stage")
    jobs.resume(mine[0])
    assert ids(jobs.waiting()) == ids([mine[1], mine[0], *visitors]), "ahead of visitors, behind one's own"
    assert mine[0].about == RunLabel(title="On stage", presenter=True)
    script = "from gan_core import jobs; print([run.id for run in jobs.waiting()])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str(ids([mine[1], mine[0], *visitors])), "a server that starts anew knows it as well"


def test_the_presenter_has_no_cap_of_visitors(presenter, one_place, monkeypatch):
    busy()
    monkeypatch.setenv(settings.variable("max_per_visitor"), "1")
    mine = [jobs.submit(LONG, owner="me", presenter=True) for _ in range(3)]
    jobs.pause(mine[0])
    jobs.resume(mine[0])
    with pytest.raises(AtelierError, match="You have 3 runs waiting or training, and 1 is the limit"):
        jobs.submit(LONG, owner="me")


def test_where_no_word_is_set_nobody_is_the_presenter(two_places, monkeypatch):
    busy()
    monkeypatch.delenv(settings.variable("presenter"), raising=False)
    first, second, mine = jobs.submit(LONG), jobs.submit(LONG), jobs.submit(LONG, presenter=True)
    assert (state(first) in runs.TRAINING, mine.presenter, mine.about_path.exists()) == (True, False, False)
    assert ids(jobs.waiting()) == ids([second, mine])
    monkeypatch.setenv(settings.variable("presenter"), "swordfish")
    late = jobs.submit(LONG, presenter=True)
    assert ids(jobs.waiting())[0] == late.id
    monkeypatch.delenv(settings.variable("presenter"))
    assert ids(jobs.waiting()) == ids([second, mine, late]), "a run of a presenter of before waits like the others"


# the estimate


def test_an_estimate_adds_up_what_trains_and_what_waits_ahead(one_place):
    training = on_its_way(30.0)
    first, second, third = (jobs.submit(TEN) for _ in range(3))
    each = OVERHEAD + 10 * ASIDE
    found = [jobs.estimate(run) for run in (first, second, third)]
    assert found == [pytest.approx(30 + ENDING + i * each, abs=NEAR) for i in range(3)]
    assert jobs.estimate(training) is None, "it does not wait"
    jobs.pause(second)
    assert jobs.estimate(second) is None
    assert jobs.estimate(third) == pytest.approx(30 + ENDING + each, abs=NEAR)


def test_the_place_that_is_free_first_counts(two_places):
    on_its_way(50.0)
    on_its_way(20.0)
    first, second, third = (jobs.submit(TEN) for _ in range(3))
    each = OVERHEAD + 10 * ASIDE
    assert jobs.estimate(first) == pytest.approx(20 + ENDING, abs=NEAR)
    assert jobs.estimate(second) == pytest.approx(20 + ENDING + each, abs=NEAR)
    assert jobs.estimate(third) == pytest.approx(ENDING + min(50, 20 + 2 * each), abs=NEAR)


def test_what_nobody_can_know_is_not_guessed(two_places):
    held = on_its_way(None)
    jobs.set_pace(held, 0)
    unknown = on_its_way(None)
    unknown.write_status(seconds=0.0, step=0)  # LONG has 900 seconds
    waits = jobs.submit(TEN)
    assert jobs.estimate(waits) == pytest.approx(OVERHEAD + 900 * ASIDE, abs=NEAR), "not from the place that is held"
    unknown.write_status(launched=time.time() - 100)
    assert jobs.estimate(waits) == pytest.approx(OVERHEAD + 900 * ASIDE - 100, abs=NEAR), "a hundred seconds have gone by"
    jobs.set_pace(unknown, 0)
    assert jobs.estimate(waits) is None
    jobs.set_pace(held, None)
    held.write_status(eta=5.0)
    assert jobs.estimate(waits) == pytest.approx(5 + ENDING, abs=NEAR)
    behind = jobs.submit(small("sine-mlp", steps=77), pace=7)
    last = jobs.submit(TEN)
    assert jobs.estimate(last) == pytest.approx(5 + ENDING + OVERHEAD + 10 * ASIDE + OVERHEAD + 11, abs=NEAR), "at its pace"
    jobs.set_pace(behind, 0)
    assert jobs.estimate(last) is None


def test_steps_count_by_what_such_steps_took_here(one_place):
    config = small("gan", steps=20)
    first = resting(config, state="queued", queued=1.0)
    second = resting(config, state="queued", queued=2.0)
    busy_one = on_its_way(0.0)
    assert jobs.estimate(first) == pytest.approx(ENDING, abs=NEAR)
    assert jobs.estimate(second) is None, "such a training has never been seen here"
    for run in (first, second):
        jobs.pause(run)
    busy_one.end("stopped", message="")
    done = straight(config)
    assert done.status.overhead > 0
    done.write_status(overhead=7.0 + (ASIDE - 1) * done.status.seconds)  # a machine that is slower, or busier
    on_its_way(0.0)
    each = done.status.seconds / done.status.step
    many = resting(config.model_copy(update={"steps": 100_000}), state="queued", queued=1.0)
    other = resting(small("gan", "published"), state="queued", queued=2.0)
    last = resting(config, state="queued", queued=3.0)
    assert jobs.estimate(many) is not None
    assert jobs.estimate(other) == pytest.approx(ENDING + 7 + ASIDE * each * 100_000, rel=0.05, abs=NEAR)
    assert jobs.estimate(last) is None, "the one before it is of another kind"


def test_a_presenter_ahead_is_waited_for(presenter, one_place):
    on_its_way(30.0)
    visitor = jobs.submit(TEN, owner="a")
    assert jobs.estimate(visitor) == pytest.approx(30 + ENDING, abs=NEAR)
    mine = jobs.submit(TEN, presenter=True)
    assert jobs.estimate(mine) == pytest.approx(30 + ENDING, abs=NEAR)
    assert jobs.estimate(visitor) == pytest.approx(30 + ENDING + OVERHEAD + 10 * ASIDE, abs=NEAR)


def test_a_kept_place_is_none_for_visitors(presenter, two_places):
    on_its_way(30.0)
    visitor = jobs.submit(TEN, owner="a")
    assert (state(visitor), jobs.estimate(visitor)) == ("queued", pytest.approx(30 + ENDING, abs=NEAR))


def test_in_a_real_queue_the_estimate_is_there_and_falls(one_place):
    queue = [jobs.submit(configure("sine-mlp", seconds=1.0)) for _ in range(3)]
    until(lambda: state(queue[0]) in runs.TRAINING)
    before = [jobs.estimate(run) for run in queue[1:]]
    assert None not in before
    assert before[0] < before[1]
    until(lambda: jobs.position(queue[2]) == 1)
    assert (jobs.estimate(queue[2]) or 0.0) < before[1]
    began = time.monotonic()
    assert runs.wait(queue[2], 120).state == "finished", time.monotonic() - began
