"""The waiting room: place, estimate and film of a run that waits, and who may leave the queue."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs, settings
from gan_core.gans.config import configure
from gan_core.runs import Run, RunLabel
from pages.training_lab.waiting import room
from tests.pages.app import button, charts, labels


def drawn(run: Run) -> AppTest:
    def page(folder: str) -> None:
        from gan_core.runs import Run
        from pages.training_lab import waiting

        waiting.draw(Run(folder))

    app = AppTest.from_function(page, kwargs={"folder": str(run.folder)}).run()
    assert not app.exception
    return app


def queued(variant: str = "gan", queued: float = 1.0, owner: str = "", recipe: str = "stable") -> Run:
    return runs.new(configure(variant, recipe, seconds=30.0), about=RunLabel(owner=owner), state="queued", queued=queued)


@pytest.fixture(autouse=True)
def full(monkeypatch: pytest.MonkeyPatch) -> Run:
    """One place, which is taken."""
    monkeypatch.setenv(settings.variable("max_runs"), "1")
    busy = runs.new(configure("gan", seconds=60.0))
    busy.claim(state="running")
    busy.write_status(seconds=20.0, step=100, rate=5.0)
    return busy


def told(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.info) for element in kind)


def test_it_says_the_place_and_about_how_long_it_will_be(full: Run) -> None:
    first, second = queued(queued=1.0), queued(queued=2.0)
    assert "#### You are next\n\nIt starts in about " in told(drawn(first))
    assert "#### Number 2 in the queue\n\nIt starts in about " in told(drawn(second))
    assert jobs.estimate(second) > jobs.estimate(first)


@pytest.mark.parametrize(
    ("left", "words"),
    [(None, "How long it will be is not known."), (2.0, "It starts soon."), (43.0, "about 45 s."), (100.0, "about 1 min 30 s.")],
)
def test_it_says_no_more_than_is_known(monkeypatch: pytest.MonkeyPatch, left: float | None, words: str) -> None:
    monkeypatch.setattr(jobs, "estimate", lambda _: left)
    assert room.waits(queued()).endswith(words)


def test_meanwhile_it_shows_how_the_shipped_run_went(trained: dict[str, Path], shipped_folder: Path) -> None:
    known = Run(shutil.copytree(trained["gan"], shipped_folder / "gan-stable"))
    app = drawn(queued())
    assert "This is how it went when it was trained for this project." in told(app)
    (film,) = [data for data in map(json.loads, charts(app)) if "frames" in data]
    assert [frame["step"] for frame in film["frames"]] == [grid.step for grid in known.samples]
    assert all(frame["source"].startswith("data:image/png;base64,") for frame in film["frames"])
    assert film["aspect"] == "1 / 1"
    assert "how its stable recipe went" in told(drawn(queued(recipe="published")))
    assert "No recording of this GAN comes with the project." in told(drawn(queued("wgan")))


def test_curves_have_a_film_too(trained: dict[str, Path], shipped_folder: Path) -> None:
    shutil.copytree(trained["sine-mlp"], shipped_folder / "sine-mlp-stable")
    (film,) = [data for data in map(json.loads, charts(drawn(queued("sine-mlp")))) if "frames" in data]
    assert all(frame["source"].startswith("data:image/svg+xml;base64,") for frame in film["frames"])


def test_only_its_owner_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[Any] = []
    monkeypatch.setattr(jobs, "stop", lambda run, patience: stopped.append(run.id))
    assert "Leave the queue" not in labels(drawn(queued(owner="somebody else")))
    mine = queued()
    button(drawn(mine), "Leave the queue").click().run()
    assert stopped == [mine.id]
