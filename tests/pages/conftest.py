"""Runs for the pages to show."""

from __future__ import annotations

from pathlib import Path

import pytest

from gan_core import jobs, runs
from gan_core.gans.config import RunConfig, configure
from gan_core.jobs.recorder import work
from gan_core.runs import Run, folders


@pytest.fixture(autouse=True)
def shipped_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No shipped runs, unless a test makes some: what the pages show must not depend on what lies in checkpoints/."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setattr(folders, "SHIPPED", folder)
    return folder


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of runs of a few steps, one for each kind of page content; a test takes a copy."""
    parent = tmp_path_factory.mktemp("trained")
    made = {}
    for name in ("gan", "cgan", "wgan", "sine-mlp"):
        run = runs.new(configure(name, steps=6, log_every=1), parent)  # the recipe as it is: a changed one would be called so
        for _ in work(run):
            pass
        made[name] = run.folder
    return made


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[RunConfig, str]]:
    """What was put into the queue, with its title; nothing trains."""
    asked: list[tuple[RunConfig, str]] = []

    def submit(config: RunConfig, *, owner: str = "", title: str = "", presenter: bool = False) -> Run:
        assert owner
        asked.append((config, title))
        about = runs.RunLabel(owner=owner, title=title, presenter=presenter)
        return runs.new(config, about=about, state="queued", queued=1.0 + len(asked))

    monkeypatch.setattr(jobs, "submit", submit)
    monkeypatch.setattr(jobs, "dispatch", lambda: None)
    return asked
