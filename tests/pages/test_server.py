"""What the server does before and between redraws: doors for cold links, and imports that garbage collection leaves alone."""

from __future__ import annotations

import gc
import importlib
import sys
from pathlib import Path

import pytest


def test_heavy_imports_are_frozen() -> None:
    """Garbage collection after each rerun must not walk over torch: 459 ms a rerun without this, 17 with it."""
    from pages import startup

    startup.warm()
    assert startup.warmed.is_set()
    assert "torch" in sys.modules
    assert gc.get_freeze_count() > 100_000


def test_what_a_page_imports_later_is_frozen_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pages import startup

    (tmp_path / "a_late_module.py").write_text("KEPT = [{'a': []} for _ in range(5000)]\n")
    monkeypatch.syspath_prepend(tmp_path)
    startup.settle()
    importlib.import_module("a_late_module")
    before = gc.get_freeze_count()
    startup.settle()
    assert gc.get_freeze_count() > before + 5000
    walked = len(gc.get_objects())
    kept = [{"a": []} for _ in range(5000)]
    startup.settle()
    assert len(gc.get_objects()) > walked + 5000, "what is not imported stays collectable"
    assert kept
