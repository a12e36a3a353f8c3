"""What can be downloaded of a run, and that it is there when somebody clicks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from pages.training_lab.run import downloads
from tests.pages.app import own


def test_the_weights_are_those_of_the_click(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that trains has removed by then what was the newest when the page was drawn."""
    made: dict[str, Any] = {}
    monkeypatch.setattr(st, "download_button", lambda label, make, name, kind, **_: made.update({label: (make, name)}))
    run = own(trained, "gan")
    downloads.buttons(run)
    assert run.weights
    old, newer = run.weights, run.weights_path(99)
    newer.write_bytes(b"newer weights")
    old.unlink()
    make, name = made["Weights (safetensors)"]
    assert make() == b"newer weights"
    assert name == f"{run.id}.safetensors", "no step in it that the content may not be of"
    assert all(make() for make, _ in made.values())
