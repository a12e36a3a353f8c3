"""Who may start work that leaves files in the folder of a run: its owner, and nobody on a shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gan_core import runs, settings
from gan_core.runs import Run, RunLabel
from gan_core.storage import atomic
from tests.pages.app import own, said


def owned_by(owner: str, run: Run) -> Run:
    atomic.write(run.about_path, RunLabel(owner=owner).model_dump_json().encode())
    return run


def results(run: Run) -> AppTest:
    """The part of the comparison that evaluates, for one run."""
    script = f"from gan_core.runs import Run\nfrom pages.compare import results\nresults.panel([Run({str(run.folder)!r})])\n"
    return AppTest.from_string(script, default_timeout=60).run()


def directions(run: Run) -> AppTest:
    """The part of the latent space that offers to find directions."""
    script = (
        "from gan_core.runs import Run\nfrom pages.latent_space.tools import directions_job\n"
        f"directions_job.offer(Run({str(run.folder)!r}))\n"
    )
    return AppTest.from_string(script, default_timeout=60).run()


@pytest.mark.parametrize("part", [results, directions])
def test_work_is_started_by_whoever_owns_the_run(part, trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(settings.variable("show_all"), raising=False)
    run = own(trained, "sine-mlp")
    assert [b.disabled for b in part(run).button] == [False], "nobody in particular owns it, so everybody may"
    owned_by("somebody", run)
    app = part(run)
    assert not app.exception
    assert not app.button
    assert "Only the person who started this run can" in said(app)
    monkeypatch.setenv(settings.variable("show_all"), "1")
    assert [b.disabled for b in part(run).button] == [False], "a presenter's server makes everybody an owner"


@pytest.mark.parametrize("part", [results, directions])
def test_nobody_starts_work_on_a_shipped_run(part, trained: dict[str, Path], shipped_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.variable("show_all"), "1")
    run = own(trained, "sine-mlp")
    run = Run(run.folder.rename(shipped_folder / "sine-mlp-stable"))
    assert [r.id for r in runs.shipped()] == [run.id]
    app = part(run)
    assert not app.exception
    assert not app.button
    assert "only the command line can" in said(app)
