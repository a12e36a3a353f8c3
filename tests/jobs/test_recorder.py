"""The last word of a training is written whatever it died of, in whatever encoding the machine has."""

import ctypes
import os
import subprocess
import sys

import pytest

from gan_core import runs
from gan_core.jobs import malloc, recorder
from gan_core.training import loop
from tests.configs import small


def test_a_c_library_that_has_no_settings_is_left_as_it_is(monkeypatch):
    """As on Windows, where ctypes wants the name of a library."""

    def windows(name: str | None) -> None:
        raise TypeError("argument of type 'NoneType' is not iterable")

    monkeypatch.setattr(ctypes, "CDLL", windows)
    malloc.keep_freed_memory()
    malloc.share_freed_memory()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    malloc.keep_freed_memory()


def test_whatever_fails_before_the_first_step_is_said(monkeypatch):
    def broken() -> None:
        raise RuntimeError("no heap")

    monkeypatch.setattr(malloc, "keep_freed_memory", broken)
    run = runs.new(small("gan", steps=1))
    with pytest.raises(RuntimeError):
        list(recorder.work(run))
    assert (run.status.state, run.status.message) == ("failed", "RuntimeError: no heap")


@pytest.mark.parametrize("words", ["größer als 😀", "a file named \udcff\udcfe"])
def test_words_that_no_encoding_has_are_no_reason_to_be_lost(monkeypatch, words):
    def broken(*_: object, **__: object) -> None:
        raise ValueError(words)

    monkeypatch.setattr(loop, "train", broken)
    run = runs.new(small("gan", steps=1))
    with pytest.raises(ValueError, match=words):
        list(recorder.work(run))
    assert run.status.state == "failed"
    assert run.status.message.startswith(f"ValueError: {words.split()[0]}")
    assert run.traceback.splitlines()[-1].startswith(f"ValueError: {words.split()[0]}")


def test_a_run_is_kept_where_the_machine_knows_ascii_only(runs_folder):
    script = (
        "import locale\nfrom gan_core import runs\nfrom gan_core.jobs import recorder\nfrom gan_core.training import loop\n"
        "from tests.configs import small\n"
        "assert locale.getpreferredencoding(False).lower() not in ('utf-8', 'utf8'), locale.getpreferredencoding(False)\n"
        "def broken(*_, **__):\n    raise ValueError('gr\\u00f6\\u00dfer')\n"
        "loop.train = broken\nrun = runs.new(small('gan', steps=1), name='mine')\n"
        "try:\n    list(recorder.work(run))\nexcept ValueError:\n    print(run.status.state, ascii(run.traceback.splitlines()[-1]))\n"
    )
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    told = subprocess.run([sys.executable, "-c", script], env=os.environ | ascii_only, capture_output=True, text=True)
    assert told.stdout == "failed 'ValueError: gr\\xf6\\xdfer'\n", told.stderr
    assert "größer" in runs.find("mine").traceback
