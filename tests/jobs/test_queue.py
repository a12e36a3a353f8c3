"""The queue, and that a training survives what happens to it: real processes, real kills, a disk that is really full."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import gan_core
from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig, configure
from gan_core.jobs import recorder
from gan_core.runs import Run
from gan_core.training import events
from tests.configs import small

LONG = configure("sine-mlp", seconds=900)  # ends only when a test ends it


def until(condition: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def state(run: Run) -> str:
    return run.status.state


def resting(config: RunConfig = LONG, **how: object) -> Run:
    """A run of the folder that nobody trains."""
    return runs.new(config, **how)


def busy() -> Run:
    """A run that takes a place for as long as this test lives."""
    run = resting()
    run.write_status(state="running", **runs.this_process())
    return run


def kill(run: Run) -> None:
    pid = run.status.pid
    assert pid is not None
    assert pid != os.getpid()
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Whatever still trains at the end of a test is killed, so that it cannot start what waits either."""
    yield
    kill_all()


def kill_all() -> None:
    for run in jobs.waiting():
        jobs.pause(run)  # or a process that is just ending may start it
    for run in runs.own():
        until(lambda run=run: state(run) != "starting" or run.status.pid)  # it is being launched
        if state(run) in runs.TRAINING and run.status.pid != os.getpid():
            kill(run)


@pytest.fixture
def one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.variable("max_runs"), "1")


def numbers(run: Run) -> list[dict[str, float]]:
    """Its records but for the time they took."""
    return [{name: value for name, value in record.items() if name != "seconds"} for record in run.records()[0]]


def same(run: Run, other: Run) -> None:
    """Bit for bit the same training."""
    assert run.weights
    assert other.weights
    assert run.weights.name == other.weights.name
    assert run.weights.read_bytes() == other.weights.read_bytes()
    assert numbers(run) == numbers(other)


def straight(config: RunConfig) -> Run:
    """The same training, never interrupted, in a process of its own."""
    run = jobs.submit(config)
    assert runs.wait(run, 240).state == "finished", run.status.message
    return run


# the queue


def test_what_finds_no_place_waits_without_a_process_and_starts_when_one_is_free(one_place):
    first, second, third = (jobs.submit(LONG) for _ in range(3))
    assert state(first) in runs.TRAINING
    assert first.status.pid != os.getpid()
    nice = psutil.Process(first.status.pid).nice()
    assert nice == max(psutil.Process().nice(), jobs.BELOW_PAGES), "a page does not wait for a training"
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
    assert jobs.cap() == 3
    monkeypatch.setenv(settings.variable("max_per_visitor"), "2")
    mine = [jobs.submit(LONG, owner="me", title="Mine") for _ in range(2)]
    with pytest.raises(AtelierError, match="You have 2 runs waiting or training, and 2 is the most"):
        jobs.submit(LONG, owner="me")
    assert len(runs.own("me")) == 2
    jobs.submit(LONG, owner="you")
    for _ in range(3):
        jobs.submit(LONG)  # nobody in particular has no cap
    jobs.pause(mine[0])
    another = jobs.submit(LONG, owner="me")
    with pytest.raises(AtelierError, match="2 is the most"):
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


def test_a_run_is_trained_where_python_does_not_look_into_the_current_folder(monkeypatch):
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    run = jobs.submit(LONG.model_copy(update={"steps": 2}))
    assert runs.wait(run, 120).state == "finished", run.log_path.read_text()


def test_places_are_counted_by_device(monkeypatch):
    monkeypatch.delenv(settings.variable("max_runs"), raising=False)
    monkeypatch.setenv(jobs.GPUS_VARIABLE, "3,5")
    assert jobs.limit() == os.cpu_count()
    assert jobs.limit("cuda") == 2
    on_gpu = LONG.model_copy(update={"device": "cuda"})
    resting(on_gpu).write_status(state="running", gpu=0, **runs.this_process())
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
    assert jobs.limit() == jobs.limit("cuda") == 7


def test_waiting_runs_are_paused_and_stopped_at_once(one_place):
    busy()
    run = jobs.submit(LONG)
    jobs.pause(run)
    assert (state(run), jobs.position(run)) == ("paused", None)
    jobs.pause(run)
    assert state(run) == "paused"
    assert jobs.stop(run, 0).state == "stopped"
    jobs.resume(run)
    with pytest.raises(AtelierError, match="waits for a place already"):
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
    with pytest.raises(AtelierError, match="is paused: only"):
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
    with pytest.raises(AtelierError, match="is no run"):
        jobs.delete(gone)

    other = runs.new(LONG, parent=tmp_path / "others")
    (runs_folder / "linked").symlink_to(other.folder)
    jobs.delete(runs.find("linked"))
    assert not (runs_folder / "linked").is_symlink()
    assert other.config == LONG

    running = busy()
    for run in (running, jobs.submit(LONG)):
        with pytest.raises(AtelierError, match="not at rest"):
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


# survival


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
    assert "can be resumed" in first.status.message
    assert state(second) == "queued", "with the server and the worker killed, nobody is left to start it"
    jobs.dispatch()
    assert state(second) in runs.TRAINING
    jobs.resume(first)
    assert jobs.position(first) == 1


def test_a_process_killed_before_its_first_word_is_lost_at_once():
    run = jobs.submit(LONG)
    assert state(run) == "starting"
    kill(run)
    assert state(run) == "lost"
    assert "before its first word" in run.status.message
    run.write_status(state="starting", pid=None)
    assert state(run) == "starting"
    stamp = "2020-01-01T00:00:00+00:00"
    runs.write_atomically(run.status_path, run.status.model_copy(update={"updated": stamp}).model_dump_json().encode())
    assert state(run) == "lost"
    run.write_status(state="queued", queued=1.0)
    runs.write_atomically(run.status_path, run.status.model_copy(update={"updated": stamp}).model_dump_json().encode())
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
    assert list(run.folder.rglob(".*")) == [], "what was half written is gone"
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
    until(lambda: state(run) == "running" and run.status.step > kept and (run.folder / runs.RESERVE).exists())
    filler = fill(tiny_disk, leave=2**20)
    jobs.pause(run)
    assert runs.wait(run, 60).state == "failed"
    assert run.status.message == f"The disk is full. What it had learned by step {kept:,} is kept. Make room, then resume it."
    assert "No space left on device" in run.traceback
    assert run.weights.read_bytes() == weights
    assert gan_core.load(run).sample(1).shape == (1, 1, 28, 28)

    # no room for anything, from one moment to the next
    filler.unlink()
    jobs.resume(run)
    until(lambda: state(run) == "running" and run.status.step > kept and (run.folder / runs.RESERVE).exists())
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
    until(lambda: state(run) == "running" and run.status.step > kept and (run.folder / runs.RESERVE).exists())
    (run.folder / runs.RESERVE).unlink()
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
    assert run.status.message == "The disk is full. Nothing had been kept yet. Make room, then resume it."
    jobs.resume(run)
    ended = runs.wait(run, 120)
    assert ended.state == "finished", ended.message


def test_readers_never_see_half_a_status():
    run = resting(small("sine-mlp"))
    run.write_status(state="running", **runs.this_process())
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
    assert run.status.message == "Broken off. Nothing had been kept yet."


def test_whoever_leaves_after_the_last_event_changes_nothing():
    run = resting(small("gan", steps=2))
    for event in recorder.work(run):
        if isinstance(event, events.Finished):
            break
    assert run.status.state == "finished"
