"""Who is at work: a lock that is free in the moment in which its holder ends, however that comes."""

import os
import subprocess
import sys
import threading
import time

import pytest

from gan_core.storage import liveness
from tests.elsewhere import HOLDER, at_work_elsewhere


def test_what_another_process_holds_is_held_until_it_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(liveness, "HOLD_PATIENCE", 0.2)
    lock = tmp_path / ".alive"
    assert not liveness.held(lock), "there is no such file"
    with at_work_elsewhere(lock):
        assert liveness.held(lock)
        assert not liveness.hold(lock)
    assert not liveness.held(lock), "it was killed"
    assert lock.exists()
    assert liveness.hold(lock)
    assert liveness.hold(lock), "once is enough"
    assert liveness.held(lock), "it is this process, but at work all the same"
    liveness.release(lock)
    liveness.release(lock)
    assert not liveness.held(lock)


def test_those_who_ask_are_not_in_the_way(tmp_path):
    """Many ask all the time, without a pause, while one takes the lock and lets go of it again and again."""
    lock = tmp_path / ".alive"
    lock.touch()
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            liveness.held(lock)

    crowd = [threading.Thread(target=ask) for _ in range(4)]
    for thread in crowd:
        thread.start()
    try:
        for _ in range(50):
            assert liveness.hold(lock)
            assert liveness.held(lock)
            liveness.release(lock)
    finally:
        ended.set()
        for thread in crowd:
            thread.join()
    assert not liveness.held(lock)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs another user to be")
def test_who_may_only_read_can_ask(tmp_path):
    lock = tmp_path / ".alive"
    tmp_path.chmod(0o755)
    with at_work_elsewhere(lock):
        script = (
            "import os, sys\nfrom pathlib import Path\nfrom gan_core.storage import liveness\nos.setuid(65534)\n"
            "print(liveness.held(Path(sys.argv[1])))"
        )
        for parent in list(tmp_path.parents)[:3]:
            parent.chmod(parent.stat().st_mode | 0o055)
        told = subprocess.run([sys.executable, "-c", script, str(lock)], capture_output=True, text=True)
    assert told.stdout == "True\n", told.stderr


def test_a_child_that_outlives_its_parent_does_not_hold_what_that_held(tmp_path):
    lock = tmp_path / ".alive"
    script = HOLDER.replace("time.sleep(600)", "import subprocess\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(30)'])")
    told = subprocess.run([sys.executable, "-c", script, str(lock)], stdout=subprocess.DEVNULL)
    assert told.returncode == 0
    assert not liveness.held(lock)


def test_a_process_that_has_ended_does_not_exist():
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    while child.poll() is None and liveness.exists(child.pid):
        time.sleep(0.01)
    assert not liveness.exists(child.pid), "a zombie counts for nothing"
    assert liveness.exists(os.getpid())
