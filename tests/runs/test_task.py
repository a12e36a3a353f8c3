"""Work in a process of its own: at work or not, one at a time whoever asks, and a sentence where it gave no result."""

import shutil
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from gan_core import jobs, runs
from gan_core.errors import AtelierError
from gan_core.jobs import launch, tasks
from gan_core.runs import Run, Task, status
from gan_core.storage import atomic
from tests.configs import small
from tests.elsewhere import at_work_elsewhere


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return Task(tmp_path, "count", tmp_path / "count.json", "The count")


def finished(name: str) -> Run:
    """A run that has weights and is at rest."""
    run = runs.new(small("sine-mlp", steps=1), name=name)
    run.weights_path(1).touch()
    run.write_status(state="finished")
    return run


def until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def test_it_is_at_work_from_being_asked_until_its_process_ends(task, monkeypatch):
    assert (task.at_work, task.pid, task.failure, task.seconds, task.last_line) == (False, None, None, 0.0, "")
    task.prepare()
    assert task.at_work, "its process may still begin"
    task.started(2**22 + 1)  # no process has that number
    assert not task.at_work
    assert task.failure == "The count ended without a result. Its process stopped unexpectedly; it may have run out of memory."
    task.prepare()
    with at_work_elsewhere(task.alive_path) as pid:
        task.started(pid)
        monkeypatch.setattr(time, "time", lambda: 0.0)  # whatever the clock says
        assert (task.at_work, task.pid, task.failure) == (True, pid, None)
    assert not task.at_work
    monkeypatch.undo()
    task.prepare()
    monkeypatch.setattr(status, "START_PATIENCE", -1.0)
    assert not task.at_work, "it never began"


def test_only_a_new_result_counts_whatever_the_clock_says(task, monkeypatch):
    task.result_path.write_text("1")
    monkeypatch.setattr(time, "time", lambda: 4e9)  # later than what is written after the clock was put right
    task.prepare()
    task.started(2**22 + 1)
    task.log_path.write_text("one\ntwo\n\n")
    assert task.failure == "The count ended without a result. It printed last: two"
    monkeypatch.undo()
    atomic.write(task.result_path, b"1")
    assert task.failure is None
    task.forget()
    assert task.failure is None


def test_two_who_ask_at_once_start_one(monkeypatch):
    """Two threads, two runs, and both look before either has started."""
    meet = threading.Barrier(2, timeout=1.0)
    looked = jobs.tasks.evaluating

    def look() -> list[Run]:
        found = looked()
        with suppress(threading.BrokenBarrierError):  # the other one is not let in
            meet.wait()
        return found

    monkeypatch.setattr(tasks, "evaluating", look)
    said: list[str] = []

    def ask(run: Run) -> None:
        try:
            jobs.evaluate(run)
        except AtelierError as error:
            said.append(str(error))

    both = [finished(name) for name in ("one", "two")]
    crowd = [threading.Thread(target=ask, args=(run,)) for run in both]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    at_work = [run for run in both if run.evaluation_task.at_work]
    for run in both:
        run.evaluation_task.kill()
    assert len(at_work) == 1
    assert said == [f"{at_work[0].id} is being evaluated. Only one evaluation runs at a time, because each needs much memory."]


def test_a_process_that_is_gone_before_anybody_looks_is_a_sentence_not_a_traceback(monkeypatch):
    run = finished("one")

    def gone(*_: object) -> psutil.Process:
        raise psutil.NoSuchProcess(1)

    monkeypatch.setattr(psutil, "Process", gone)
    for start, task in ((jobs.evaluate, run.evaluation_task), (jobs.find_directions, run.directions_task)):
        monkeypatch.setattr(sys, "executable", shutil.which("true"))
        start(run)
        until(lambda task=task: not task.at_work)
        assert "Its process stopped unexpectedly" in task.failure


def test_what_cannot_be_started_was_never_asked_for(monkeypatch):
    run = finished("one")

    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(launch.subprocess, "Popen", no_room)
    with pytest.raises(AtelierError, match=r"Nothing can be written into .*, so one cannot be evaluated"):
        jobs.evaluate(run)
    assert not run.evaluation_task.at_work
    assert run.evaluation_task.failure is None


def test_nobody_starts_work_in_the_folder_of_a_shipped_run():
    run = runs.shipped()[0]
    before = sorted(run.folder.iterdir())
    for start in (jobs.evaluate, jobs.find_directions):
        with pytest.raises(AtelierError, match="ships with the project. Only the command line"):
            start(run)
    assert sorted(run.folder.iterdir()) == before
