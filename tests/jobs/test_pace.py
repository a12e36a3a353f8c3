"""Slow motion and single steps of real processes, asked for through the run's folder."""

import json
import time

import pytest

from gan_core import jobs, runs
from gan_core.errors import AtelierError
from gan_core.jobs import pacing, recorder
from gan_core.runs.pace import KEPT, Pace
from tests.configs import small
from tests.jobs.trainings import LONG, busy, numbers, resting, same, state, straight, until


def test_a_run_that_was_slowed_is_bit_for_bit_the_one_that_was_not():
    config = small("sine-mlp", steps=40)
    run = jobs.submit(config, pace=10)
    assert run.pace == 10
    until(lambda: run.status.step >= 2)
    assert run.status.rate is None or run.status.rate <= 10
    assert [grid.step for grid in run.samples][:3] == [0, 1, 2], "below thirty steps a second samples come often"
    jobs.pause(run)
    assert runs.wait(run, 60).state == "paused"
    assert run.pace == 10, "a pace stays"
    jobs.set_pace(run, None)
    jobs.resume(run)
    assert runs.wait(run, 60).state == "finished", run.status.message
    assert not run.status.by_hand
    assert run.status.overhead is not None, "its last process was at full speed"
    same(run, straight(config))


def test_a_held_run_shows_each_single_step_and_says_which_network_moved():
    run = jobs.submit(LONG, pace=0)
    until(lambda: state(run) == "running" and [grid.step for grid in run.samples] == [0])
    assert run.status.step == 0
    for n, turn in enumerate(("both", "D", "D", "G"), start=1):
        jobs.single(run, turn)
        until(lambda n=n: run.status.step == n, 10)
        until(lambda n=n: run.samples[-1].step == n, 10)
        assert [record["step"] for record in numbers(run)] == list(range(1, n + 1))
    assert (run.status.single_d, run.status.single_g, run.status.by_hand) == (2, 1, True)
    assert (run.pace, run.status.rate, run.status.eta) == (0.0, None, None)
    assert run.status.seconds < 30, "waiting does not count"
    jobs.set_pace(run, None)
    until(lambda: run.status.step > 50)
    jobs.single(run, "both")  # from full speed: it is held, and takes one more
    until(lambda: run.status.rate is None)
    step = run.status.step
    assert [record["step"] for record in numbers(run)][-1] == step
    jobs.pause(run)
    assert runs.wait(run, 30).state == "paused"
    assert run.pace is None, "a hold ends with the process"
    assert run.status.overhead is None, "what it waited is no measure"
    step = run.status.step
    jobs.resume(run)
    until(lambda: run.status.step > step)
    assert (run.status.single_d, run.status.single_g) == (2, 1), "it stays a run that was stepped by hand"
    jobs.stop(run, 60)


def test_a_resume_after_single_steps_goes_on_from_them():
    config = small("gan", steps=30)
    run = jobs.submit(config, pace=0)
    for _ in range(3):
        jobs.single(run, "D")  # asked for while it starts, and not lost
    until(lambda: run.status.single_d == 3)
    jobs.stop(run, 60)
    assert run.checkpoint[0] == 3
    jobs.resume(run)
    assert runs.wait(run, 60).state == "finished", run.status.message
    assert run.status.single_d == 3
    assert numbers(run) != numbers(straight(config))


def test_what_does_not_fit_is_said():
    run = resting()
    for wrong in (-1.0, 0.01, 5000.0, float("nan"), float("inf")):
        with pytest.raises(AtelierError, match=r"does not fit: choose 0\.1 to 1000 steps a second"):
            jobs.set_pace(run, wrong)
        with pytest.raises(AtelierError, match="does not fit"):
            jobs.submit(LONG, pace=wrong)
    assert len(runs.own()) == 1
    assert run.pace is None
    with pytest.raises(AtelierError, match="is not training now"):
        jobs.single(run, "both")
    with pytest.raises(AtelierError, match="no single step of 'E'"):
        jobs.single(busy(), "E")
    for change in (lambda r: jobs.set_pace(r, 5), lambda r: jobs.single(r, "D")):
        with pytest.raises(AtelierError, match="only runs trained here"):
            change(runs.shipped()[0])


@pytest.mark.parametrize("content", ["", "{", '{"rate": -3}', '{"rate": "NaN"}', '{"singles": ["E"]}', '{"singles": 7}', "[]", "\0" * 100])
def test_a_damaged_file_is_passed_over_with_a_word_in_the_log(content):
    run = resting()
    run.pace_path.write_text(content)
    look = pacing.Pacing(run)
    assert look() == look() == (None, ())
    assert run.pace is None
    assert run.log_path.read_text().count("pace.json is passed over") == 1
    jobs.set_pace(run, 5)
    assert look() == (5.0, ())
    run.pace_path.write_text(content)
    assert look() == (5.0, ()), "what it knew holds"


def test_single_steps_are_taken_once_each_in_their_order_however_many():
    run = busy()
    look = pacing.Pacing(run)
    asked = ["D", "G", "both"] * KEPT
    found = []
    for turn in asked:
        jobs.single(run, turn)
        found += look().singles
    assert found == asked
    assert look().singles == ()
    for _ in range(KEPT + 5):
        jobs.single(run, "D")
    assert len(look().singles) == KEPT, "those asked for last"
    assert pacing.Pacing(run)().singles == run.pacing.singles, "one that begins takes those that nobody took"
    run.forget_requests()
    assert (run.pace, pacing.Pacing(run)().singles, look().singles) == (None, (), ())
    jobs.single(run, "G")
    assert look().singles == ("G",)


def test_a_slow_pace_outlives_the_requests_and_a_hold_does_not():
    assert Pace(rate=3.0).at_rest().rate == 3.0
    assert Pace(rate=0.0).at_rest().rate is None
    run = resting()
    run.forget_requests()
    assert not run.pace_path.exists()


@pytest.mark.parametrize(("rate", "words"), [(0, "Paused: it was on hold, and nobody"), (2, "Paused: it was in slow motion, and nobody")])
def test_a_run_that_nobody_touches_pauses_itself(rate, words, monkeypatch):
    monkeypatch.setattr(pacing, "HELD_PATIENCE", 0.5)
    monkeypatch.setattr(pacing, "SLOW_PATIENCE", 0.5)
    run = resting()
    jobs.set_pace(run, rate)
    run.write_status(state="queued", queued=1.0)
    began = time.monotonic()
    for _ in recorder.work(run):
        assert time.monotonic() - began < 60
    assert (state(run), run.asked) == ("paused", None)
    assert run.status.message.startswith(words)


def test_whoever_touches_it_keeps_its_place(monkeypatch):
    run = resting()
    jobs.set_pace(run, 0)
    look = pacing.Pacing(run)
    now = [1000.0]
    monkeypatch.setattr(pacing.time, "monotonic", lambda: now[0])
    for _ in range(5):
        now[0] += 0.9 * pacing.HELD_PATIENCE
        jobs.set_pace(run, 1 if run.pace == 0 else 0)
        look()
    assert run.asked is None
    now[0] += pacing.SLOW_PATIENCE + 1
    look()
    assert run.asked == "pause"
    jobs.set_pace(run, None)
    other = pacing.Pacing(resting())
    now[0] += 1e6
    assert other() == (None, ())
    assert not other.paused, "at full speed it ends by itself"


def test_the_file_is_small_and_says_it_in_plain_json():
    run = busy()
    jobs.set_pace(run, 2.5)
    jobs.single(run, "D")
    assert json.loads(run.pace_path.read_text()) == {"rate": 0.0, "singles": ["D"], "before": 0}
