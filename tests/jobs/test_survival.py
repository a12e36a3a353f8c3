"""A training survives what happens to it: real processes, real kills, a disk that is really full."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import gan_core
from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.jobs import recorder
from gan_core.storage import atomic
from gan_core.training import events
from tests.configs import small
from tests.jobs.trainings import LONG, kill, kill_all, resting, same, state, straight, until


def test_a_killed_server_stops_nothing_and_the_next_one_goes_on(one_place, runs_folder):
    script = (
        "import time\nfrom gan_core import jobs\nfrom gan_core.gans.config import configure\n"
        "for _ in range(2):\n    jobs.submit(configure('sine-mlp', seconds=900))\nprint('ready', flush=True)\ntime.sleep(900)"
    )
    server = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert server.stdout.readline() == "ready\n"
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    (second,) = jobs.waiting()
    (first,) = jobs.training()
    until(lambda: first.status.step > 20)
    jobs.dispatch()
    assert (state(first), jobs.position(second)) == ("running", 1), "what still runs keeps its place"
    kill(first)
    assert state(first) == "lost"
    assert "You can resume it" in first.status.message
    assert state(second) == "queued", "with the server and the worker killed, nobody is left to start it"
    jobs.dispatch()
    assert state(second) in runs.TRAINING
    jobs.resume(first)
    assert jobs.position(first) == 1


def test_setting_the_clock_leaves_a_running_training_running(monkeypatch):
    """As when a laptop wakes: today's clock, and with it the time at which the machine seems to have started, moves by an hour."""
    run = jobs.submit(LONG)
    until(lambda: run.status.step > 20)
    now, since = time.time, psutil.boot_time()
    for by in (3600.0, -3600.0):
        monkeypatch.setattr(psutil._psplatform, "boot_time", lambda by=by: since + by)
        monkeypatch.setattr(time, "time", lambda by=by: now() + by)
        assert state(run) == "running"
        with pytest.raises(AtelierError, match="is training already"):
            jobs.resume(run)
        with pytest.raises(AtelierError, match="is training already"):
            list(recorder.work(run))


def test_a_process_killed_before_its_first_word_is_lost_at_once():
    run = jobs.submit(LONG)
    assert state(run) == "starting"
    kill(run)
    assert state(run) == "lost"
    assert "before the training began" in run.status.message
    run.write_status(state="starting", pid=None)
    assert state(run) == "starting"
    stamp = "2020-01-01T00:00:00+00:00"
    atomic.write(run.status_path, run.status.model_copy(update={"updated": stamp}).model_dump_json().encode())
    assert state(run) == "lost"
    run.write_status(state="queued", queued=1.0)
    atomic.write(run.status_path, run.status.model_copy(update={"updated": stamp}).model_dump_json().encode())
    assert state(run) == "queued", "who waits needs no patience"


def test_killed_while_a_checkpoint_is_written(runs_folder):
    """kill -9 as soon as the temporary file of the resume file is there, until one comes in time."""
    config = small("dcgan", steps=80)
    run = jobs.submit(config)
    caught = 0
    for _ in range(12):
        until(lambda: state(run) == "running" and run.status.step > (run.checkpoint or (0, 0))[0])
        before = run.resume_path.read_bytes() if run.resume_path.exists() else None
        pid = run.status.pid
        process = psutil.Process(pid)
        jobs.pause(run)
        while state(run) in runs.TRAINING:
            if any(name.startswith(".resume.") for name in os.listdir(run.folder)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
                break
        assert runs.wait(run, 60, until=runs.ENDED).state in runs.ENDED
        halves = [name for name in os.listdir(run.folder) if name.startswith(".resume.")]
        if state(run) == "finished":
            break
        if state(run) == "lost" and halves:
            caught += 1
            now = run.resume_path.read_bytes() if run.resume_path.exists() else None
            assert now == before, "the checkpoint before is whole and untouched"
        jobs.resume(run)
        if caught >= 2:
            break
    assert caught, "no kill came while the file was being written"
    assert runs.wait(run, 240).state == "finished", run.status.message
    assert list(run.folder.rglob(".*")) == [run.alive_path], "what was half written is gone"
    same(run, straight(config))


def test_killed_at_any_moment_it_goes_on_bit_for_bit():
    config = small("sine-mlp", steps=1500)
    run = jobs.submit(config)
    for moment in (0.05, 0.4, 0.9):
        until(lambda: state(run) == "running" or state(run) == "finished")
        time.sleep(moment)
        if state(run) == "finished":
            break
        kill(run)
        assert state(run) == "lost"
        jobs.resume(run)
    assert runs.wait(run, 120).state == "finished", run.status.message
    same(run, straight(config))


@pytest.fixture
def tiny_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file system of 48 MiB that holds the folder of the runs."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(disk)], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
    monkeypatch.setenv(settings.variable("runs"), str(disk / "runs"))
    yield disk
    kill_all()
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path, leave: int = 0) -> Path:
    """Takes all that is left of a disk but `leave` bytes."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        while (room := shutil.disk_usage(disk).free - leave) > 0:
            with suppress(OSError):
                file.write(bytes(min(room, 2**20)))
    return filler


def test_a_full_disk_is_said_and_one_resume_goes_on_bit_for_bit(tiny_disk):
    config = small("gan", steps=1200)
    run = jobs.submit(config)
    until(lambda: run.status.step > 5)
    jobs.pause(run)
    assert runs.wait(run, 60).state == "paused"
    kept, weights = run.checkpoint[0], run.weights.read_bytes()

    # no room for the next checkpoint
    jobs.resume(run)
    until(lambda: state(run) == "running" and run.status.step > kept and run.reserve_path.exists())
    filler = fill(tiny_disk, leave=2**20)
    jobs.pause(run)
    assert runs.wait(run, 60).state == "failed"
    assert run.status.message == f"The disk is full. The checkpoint of step {kept:,} is saved. Make room, then resume it."
    assert "No space left on device" in run.traceback
    assert run.weights.read_bytes() == weights
    assert gan_core.load(run).sample(1).shape == (1, 1, 28, 28)

    # no room for anything, from one moment to the next
    filler.unlink()
    jobs.resume(run)
    until(lambda: state(run) == "running" and run.status.step > kept and run.reserve_path.exists())
    fill(tiny_disk)
    assert runs.wait(run, 60).state == "failed"
    assert run.status.message.startswith("The disk is full.")
    fill(tiny_disk)  # what the training gave back
    with pytest.raises(AtelierError, match="The disk is full: nothing more can be written"):
        jobs.submit(config)
    with pytest.raises(AtelierError, match="The disk is full: nothing more can be written"):
        jobs.resume(run)
    assert len(runs.own()) == 1
    assert state(run) == "failed"

    # not even for saying so
    filler.unlink()
    jobs.resume(run)
    until(lambda: state(run) == "running" and run.status.step > kept and run.reserve_path.exists())
    run.reserve_path.unlink()
    fill(tiny_disk)
    assert runs.wait(run, 60).state in ("lost", "failed")
    assert "disk is full" in run.status.message

    filler.unlink()
    jobs.resume(run)
    assert runs.wait(run, 240).state == "finished", run.status.message
    same(run, straight(config))


def test_a_limit_of_file_size_counts_as_a_full_disk():
    """Without a mount: no file of this process may grow beyond 200 kB, a checkpoint does."""
    run = resting(small("gan", steps=3))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            list(recorder.work(run))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert run.status.state == "failed"
    assert run.status.message == "The disk is full. Nothing was saved yet. Make room, then resume it."
    jobs.resume(run)
    ended = runs.wait(run, 120)
    assert ended.state == "finished", f"{ended.message}\n{run.traceback}"


def test_readers_never_see_half_a_status():
    run = resting(small("sine-mlp"))
    run.claim()
    ended = threading.Event()

    def write() -> None:
        for i in range(400):
            run.write_status(step=i, message="x" * (i % 50))
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = [0]
    while not ended.is_set():
        status = run.status
        assert status.state == "running", status.message
        assert status.step >= seen[-1]
        seen.append(status.step)
    writer.join()
    assert run.status.step == 399


def test_a_training_that_is_abandoned_says_so():
    run = resting(small("gan", steps=50))
    for event in recorder.work(run):
        if isinstance(event, events.Progress):
            break
    assert run.status.state == "stopped"
    assert run.status.message == "Interrupted. Nothing was saved yet."


def test_whoever_leaves_after_the_last_event_changes_nothing():
    run = resting(small("gan", steps=2))
    for event in recorder.work(run):
        if isinstance(event, events.Finished):
            break
    assert run.status.state == "finished"
