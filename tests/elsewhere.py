"""Another process that holds a lock, for tests of who is at work."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOLDER = """
import sys, time
from pathlib import Path
from gan_core.storage import liveness
print(liveness.hold(Path(sys.argv[1])), flush=True)
time.sleep(600)
"""


@contextmanager
def at_work_elsewhere(lock: Path) -> Iterator[int]:
    """While this is entered, another process, whose number it gives, holds the lock; then it is killed."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "True\n"
            yield other.pid
        finally:
            other.kill()
            other.wait()
