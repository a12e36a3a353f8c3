"""The sides of the comparison as this process sees them: a worker process each, asked one at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from gan_core.data import image_arrays
from gan_core.errors import AtelierError

ROOT = Path(__file__).parents[2]
KERAS = ROOT / ".venv-keras" / "bin" / "python"  # `make bench` makes it


class Side:
    """A worker that answers a question a line. Raises AtelierError with the end of what it said if it dies."""

    def __init__(self, name: str, command: list[str], threads: int, log: Path) -> None:
        self.name, self._log = name, log
        environment = os.environ | {"OMP_NUM_THREADS": str(threads), "PYTHONUNBUFFERED": "1"}
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        self.about: str = self._answer()["about"]

    def ask(self, **question: object) -> dict[str, Any]:
        """The answer to a question; see worker.py for what can be asked."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            said = " ".join(self._log.read_text().split())[-600:]
            raise AtelierError(f"The {self.name} side ended (code {self._process.wait()}): {said or 'it said nothing'}.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """Lets the worker go."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(timeout=30)


@contextmanager
def sides(data: str, threads: int, keras: Path | None) -> Iterator[dict[str, Side]]:
    """The sides "plain" and "ours", and "keras" if its interpreter is given, all on the same data set."""
    pixels, labels = image_arrays(data)
    with tempfile.TemporaryDirectory() as folder:
        digits = Path(folder) / "digits.npz"
        worker = [sys.executable, "-m", "benchmarks.speed.worker"]
        commands = {side: [*worker, side, str(threads), data] for side in ("plain", "ours")}
        if keras is not None:
            np.savez(digits, pixels=pixels, labels=labels)
            commands["keras"] = [str(keras), str(Path(__file__).with_name("keras_worker.py")), str(digits), str(threads)]
        there: dict[str, Side] = {}
        try:
            for name, command in commands.items():
                there[name] = Side(name, command, threads, Path(folder) / f"{name}.log")
            yield there
        finally:
            for side in there.values():
                side.end()
