"""The queue: who waits, who trains, and what is asked of them. Real processes."""

import os
import shutil
import subprocess
import sys
import time

import psutil
import pytest

from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import configure
from gan_core.jobs import capacity
from tests.configs import small
from tests.jobs.trainings import LONG, busy, resting, same, state, straight, until


def test_what_finds_no_place_waits_without_a_process_and_starts_when_one_is_free(one_place):
    first, second, third = (jobs.submit(LONG) for _ in range(3))
    assert state(first) in runs.TRAINING
    assert first.status.pid != os.getpid()
    nice = psutil.Process(first.status.pid).nice()
    assert nice == max(psutil.Process().nice(), jobs.NICENESS), "a page does not wait for a training"
    for place, run in enumerate((second, third), start=1):
        assert (state(run), run.status.pid, jobs.position(run)) == ("queued", None, place)
        assert not run.log_path.exists()
    assert jobs.position(first) is None
    assert [run.id for run in jobs.waiting()] == [second.id, third.id]
    until(lambda: first.status.step > 20)
    assert state(first) == "running"
    assert jobs.stop(first, 60).state == "stopped"
    until(lambda: state(second) in runs.TRAINING)  # nobody but the ended process has called dispatch
    assert state(third) == "queued", (second.status, third.status)
    until(lambda: jobs.position(third) == 1, 10)
    # one that fails makes room as well
    until(lambda: state(second) == "running")
    shutil.rmtree(second.folder / "samples")
    (second.folder / "samples").write_text("in the way")
    until(lambda: state(second) == "failed")
    assert second.status.message.startswith("NotADirectoryError")
    assert second.traceback.splitlines()[0] == "Traceback (most recent call last):"
    assert "NotADirectoryError" in second.traceback.splitlines()[-1]
    until(lambda: state(third) in runs.TRAINING)


def test_the_order_is_that_of_asking_even_if_the_clock_goes_back(one_place):
    busy()
    early = jobs.submit(LONG)
    early.write_status(queued=time.time() + 3600)  # asked for before the clock was put back
    late = jobs.submit(LONG)
    assert [run.id for run in jobs.waiting()] == [early.id, late.id]


def test_a_cap_for_each_visitor(one_place, monkeypatch):
    busy()
    assert jobs.runs_per_visitor() == 3
    monkeypatch.setenv(settings.variable("max_per_visitor"), "2")
    mine = [jobs.submit(LONG, owner="me", title="Mine") for _ in range(2)]
    with pytest.raises(AtelierError, match="You have 2 runs waiting or training, and 2 is the limit"):
        jobs.submit(LONG, owner="me")
    assert len(runs.own("me")) == 2
    jobs.submit(LONG, owner="you")
    for _ in range(3):
        jobs.submit(LONG)  # nobody in particular has no cap
    jobs.pause(mine[0])
    another = jobs.submit(LONG, owner="me")
    with pytest.raises(AtelierError, match="2 is the limit"):
        jobs.resume(mine[0])
    assert state(mine[0]) == "paused"
    assert jobs.stop(another).state == "stopped"
    jobs.resume(mine[0])
    assert jobs.position(mine[0]) == 6, "at the back"


@pytest.mark.parametrize("variable", [settings.variable("max_runs"), settings.variable("max_per_visitor")])
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "²"])
def test_a_setting_that_is_no_number_is_said(variable, value, monkeypatch, runs_folder):
    monkeypatch.setenv(variable, value)
    with pytest.raises(AtelierError, match=f"{variable} = .* does not fit"):
        jobs.submit(LONG, owner="me")
    assert runs.own() == []


def test_a_setting_that_a_training_does_not_need_is_no_obstacle_to_it(monkeypatch):
    monkeypatch.setenv(settings.variable("data"), "~nobody-of-that-name")
    run = jobs.submit(configure("sine-mlp", steps=2))
    assert runs.wait(run, 120).state == "finished", run.log_path.read_text()


def test_a_run_is_trained_where_python_does_not_look_into_the_current_folder(monkeypatch):
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    run = jobs.submit(LONG.model_copy(update={"steps": 2}))
    assert runs.wait(run, 120).state == "finished", run.log_path.read_text()


def test_places_are_counted_by_device(monkeypatch):
    monkeypatch.delenv(settings.variable("max_runs"), raising=False)
    monkeypatch.setenv(jobs.GPUS_VARIABLE, "3,5")
    assert jobs.slots() == capacity.cores()
    assert jobs.slots("cuda") == 2
    on_gpu = LONG.model_copy(update={"device": "cuda"})
    resting(on_gpu).claim(gpu=0)
    run = jobs.submit(on_gpu)
    assert run.status.gpu == 1
    with jobs.on_its_gpu(run):
        assert os.environ[jobs.GPUS_VARIABLE] == "5"
    assert os.environ[jobs.GPUS_VARIABLE] == "3,5"
    third, on_cpu = jobs.submit(on_gpu), jobs.submit(LONG)
    if state(run) in runs.TRAINING:  # where there is no GPU it fails soon
        assert jobs.position(third) == 1
    assert state(on_cpu) in runs.TRAINING, "it waits for no GPU"
    monkeypatch.setenv(settings.variable("max_runs"), "7")
    assert jobs.slots() == jobs.slots("cuda") == 7


def test_waiting_runs_are_paused_and_stopped_at_once(one_place):
    busy()
    run = jobs.submit(LONG)
    jobs.pause(run)
    assert (state(run), jobs.position(run)) == ("paused", None)
    jobs.pause(run)
    assert state(run) == "paused"
    assert jobs.stop(run, 0).state == "stopped"
    jobs.resume(run)
    with pytest.raises(AtelierError, match="waiting in the queue already"):
        jobs.resume(run)
    assert jobs.stop(run, 0).state == "stopped"
    assert run.status.pid is None
    assert not run.stop_path.exists()
    assert not run.resume_path.exists()


def test_many_who_dispatch_at_once_start_no_more_than_fit(monkeypatch):
    monkeypatch.setenv(settings.variable("max_runs"), "2")
    for i in range(5):
        resting(state="queued", queued=float(i + 1))
    script = "import time\nfrom gan_core import jobs\nfor _ in range(20):\n    jobs.dispatch()\n    time.sleep(0.01)"
    crowd = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(4)]
    assert [process.wait(120) for process in crowd] == [0] * 4
    assert (len(jobs.training()), len(jobs.waiting())) == (2, 3)
    assert sum(run.log_path.exists() for run in runs.own()) == 2, "each was started once"
    assert [run.status.queued for run in jobs.waiting()] == [3.0, 4.0, 5.0]


# what is done to a run


def test_pause_stop_resume_and_extend_change_no_bit(runs_folder):
    config = small("gan", steps=500)
    whole = straight(config)
    run = jobs.submit(config.model_copy(update={"steps": 400}))
    until(lambda: run.status.step > 5)
    jobs.pause(run)
    assert runs.wait(run, 60).state == "paused"
    assert run.status.message == f"Paused after {run.status.step:,} steps."
    assert (run.asked, run.checkpoint[0]) == (None, run.status.step)
    assert run.has_weights
    with pytest.raises(AtelierError, match="Only a run that is finished or was stopped can be extended"):
        jobs.extend(run, steps=1)
    jobs.resume(run)
    with pytest.raises(AtelierError, match="is training already"):
        jobs.resume(run)
    if runs.wait(run, 1, until=("running",)).state == "running":
        jobs.stop(run, 60)
    if state(run) == "stopped":
        jobs.resume(run)
    assert runs.wait(run, 120).state == "finished", run.status.message
    with pytest.raises(AtelierError, match="is finished"):
        jobs.resume(run)
    for wrong in ({}, {"steps": 0}, {"steps": 10**9}, {"seconds": -1.0}, {"seconds": float("nan")}, {"steps": 1, "seconds": 1.0}):
        with pytest.raises(AtelierError):
            jobs.extend(run, **wrong)
    assert state(run) == "finished"
    jobs.extend(run, steps=100)
    assert runs.wait(run, 120).state == "finished", run.status.message
    assert run.config == config
    same(run, whole)


def test_a_run_is_extended_by_seconds():
    run = straight(configure("sine-mlp", seconds=0.5))
    step, seconds = run.checkpoint
    jobs.extend(run, seconds=0.5)
    assert runs.wait(run, 120).state == "finished"
    assert run.config.seconds == pytest.approx(seconds + 0.5)
    assert run.checkpoint[0] > step
    assert run.checkpoint[1] >= seconds + 0.5


def test_a_pause_is_not_lost_between_the_writes_of_the_training(monkeypatch):
    """The state is asked for and written over and over by two processes; the last word is the right one."""
    run = jobs.submit(LONG)
    for _ in range(2):
        until(lambda: state(run) == "running")
        jobs.pause(run)
        assert runs.wait(run, 60).state == "paused"
        time.sleep(0.7)
        assert state(run) == "paused"
        assert run.asked is None
        jobs.resume(run)


def test_own_runs_at_rest_are_deleted_and_nothing_else(one_place, runs_folder, tmp_path):
    keep, gone = resting(), resting()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").write_text("")
    (gone.folder / "link").symlink_to(tmp_path / "elsewhere")
    jobs.delete(gone)
    assert [run.id for run in runs.own()] == [keep.id]
    assert not any(path.name.startswith(".deleted") for path in runs_folder.iterdir())
    assert (tmp_path / "elsewhere" / "precious").exists()
    with pytest.raises(AtelierError, match="is not a run"):
        jobs.delete(gone)

    other = runs.new(LONG, parent=tmp_path / "others")
    (runs_folder / "linked").symlink_to(other.folder)
    jobs.delete(runs.find("linked"))
    assert not (runs_folder / "linked").is_symlink()
    assert other.config == LONG

    running = busy()
    for run in (running, jobs.submit(LONG)):
        with pytest.raises(AtelierError, match="Stop it first"):
            jobs.delete(run)
    for run in (runs.shipped()[0], other):
        for change in (jobs.delete, jobs.resume, jobs.pause, lambda r: jobs.rename(r, "mine")):
            with pytest.raises(AtelierError, match="only runs trained here"):
                change(run)
    assert runs.shipped()[0].has_weights


def test_titles_are_given_and_taken_while_it_trains():
    run = jobs.submit(LONG, owner="me", title="First try")
    assert (run.name, run.owner) == ("First try", "me")
    until(lambda: state(run) == "running")
    jobs.rename(run, " Second try ")
    assert (run.name, run.owner, state(run)) == ("Second try", "me", "running")
    with pytest.raises(AtelierError, match="at most 80"):
        jobs.rename(run, "x" * 81)
    with pytest.raises(AtelierError, match="control characters"):
        jobs.rename(run, "a\nb")
    jobs.rename(run, "")
    assert run.name == ""
    with pytest.raises(AtelierError, match="control characters"):
        jobs.submit(LONG, owner="a\x00b")
