"""The training process that waits with its imports done: real processes, a real training."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from gan_core import jobs, runs, settings
from gan_core.jobs import warm
from tests.configs import small

PATIENCE = 90.0
LONG = small("sine-mlp", steps=1_000_000)


@pytest.fixture(scope="module")
def kept_between_tests() -> bool:
    """Would the app keep a process ready, if it asked while no test is running?"""
    return settings.current().ready


@pytest.fixture
def waiting(runs_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[psutil.Process]:
    """The process that is kept ready; no other is made ready meanwhile."""
    monkeypatch.delenv(settings.variable("ready"), raising=False)
    monkeypatch.setattr(warm, "LATER", 3600.0)
    monkeypatch.setattr(warm, "_waiting", None)
    monkeypatch.setattr(warm, "_spawn", None)
    jobs.keep_one_ready()
    child = warm._waiting
    assert child is not None
    yield psutil.Process(child.pid)
    if child.stdin:
        child.stdin.close()
    child.wait(PATIENCE)


def test_the_next_run_is_trained_by_the_process_that_waits(waiting: psutil.Process) -> None:
    run = jobs.submit(small("sine-mlp", steps=6))
    assert run.status.pid == waiting.pid
    ended = runs.wait(run, PATIENCE)
    assert (ended.state, ended.step) == ("finished", 6)
    assert ended.device == f"CPU, {jobs.threads()} thread{'s'[: jobs.threads() > 1]}"
    assert run.has_weights
    waiting.wait(PATIENCE)
    second = jobs.submit(small("sine-mlp", steps=6))  # none waits any more
    assert second.status.pid != waiting.pid
    assert runs.wait(second, PATIENCE).state == "finished"
    losses = [[(row["D/loss"], row["G/loss"]) for row in r.records()[0]] for r in (run, second)]
    assert losses[0]
    assert losses[0] == losses[1]  # warm or cold, the same training


def test_it_trains_in_the_environment_of_the_click_not_of_its_own_birth(waiting: psutil.Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a cold one: when it ends, it fills the places that there are now."""
    monkeypatch.setenv(settings.variable("max_runs"), "1")
    first, second, third = jobs.submit(small("sine-mlp", steps=6)), jobs.submit(LONG), jobs.submit(LONG)
    assert first.status.pid == waiting.pid
    assert runs.wait(first, PATIENCE).state == "finished"
    deadline = time.monotonic() + PATIENCE
    while second.status.step == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    states = [run.status.state for run in (second, third)]
    for run in (third, second):
        jobs.stop(run)
    assert states == ["running", "queued"]


def test_where_it_has_died_a_cold_one_is_started(waiting: psutil.Process) -> None:
    waiting.kill()
    warm._waiting.wait(PATIENCE)  # type: ignore[union-attr]
    run = jobs.submit(small("sine-mlp", steps=3))
    assert run.status.pid != waiting.pid
    assert runs.wait(run, PATIENCE).state == "finished"


def test_it_ends_with_the_server(waiting: psutil.Process) -> None:
    child = warm._waiting
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()  # what the end of the server does
    assert child.wait(PATIENCE) == 0


def test_it_is_kept_once_and_not_where_it_is_not_wanted(waiting: psutil.Process, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.keep_one_ready()
    assert warm._waiting is not None
    assert warm._waiting.pid == waiting.pid
    monkeypatch.setenv(settings.variable("ready"), "0")
    monkeypatch.setattr(warm, "_spawn", None)

    def never() -> subprocess.Popen[bytes]:
        raise AssertionError("a process was started")

    warm.keep_warm(never)


def test_none_is_kept_ready_between_two_tests(kept_between_tests: bool) -> None:
    """It would have the limits of whatever test runs when it begins, and be handed a run by any later one."""
    assert not kept_between_tests
