"""A run in the training lab, run without a browser: what it shows of it, and what its buttons do."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs, settings
from gan_core.gans.config import RunConfig, configure
from gan_core.health import reading
from gan_core.health.remedies import Remedy
from gan_core.health.rules import Health
from gan_core.runs import Run
from gan_core.storage import atomic
from pages.training_lab.run import time_machine
from tests.pages.app import button, charts, labels, opened, own, page_links, said


def test_lab_shows_a_run(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("lab", run=run.id)
    assert app.title[0].value == "GAN, stable recipe"
    assert "Finished" in said(app)
    assert [m.value for m in app.metric if m.label == "Images seen"] == [f"{6 * run.config.settings.batch:,}"]
    loss, verdicts, gradients = (chart(app, name) for name in ("D loss", "D(x), real", "Gradient norms"))
    assert "G loss" in [t["name"] for t in loss["traces"]]
    assert verdicts["line"] == 0.5
    assert gradients["log"]
    assert {loss["follow"], verdicts["follow"], gradients["follow"]} == {run.id}
    assert ("Explore its latent space", f"run={run.id}") in page_links(app)
    assert ("Compare with others", f"runs={run.id}") in page_links(app)
    assert {"Everything (zip)", "Weights (safetensors)", "The training as a film (GIF)"} <= {b.label for b in app.get("download_button")}
    assert f"lab?run={run.id}" in app.code[0].value


def chart(app: AppTest, name: str) -> dict[str, Any]:
    """The data of the chart in whose words this occurs."""
    return next(json.loads(c) for c in charts(app) if name in c and '"traces"' in c)


def machine_data(app: AppTest) -> dict[str, Any]:
    """What the time machine was sent."""
    return next(json.loads(c) for c in charts(app) if '"frames"' in c)


def test_the_time_machine_is_sent_what_it_lacks(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    steps = [grid.step for grid in run.samples]
    app = opened("lab", run=run.id)
    sent = machine_data(app)
    assert sent["steps"] == steps
    assert sent["frames"][0]["step"] == steps[-1], "the newest first"
    assert sorted(f["step"] for f in sent["frames"]) == steps[: time_machine.FRAMES]
    assert base64.b64decode(sent["frames"][0]["png"]) == run.samples[-1].read()
    assert [p["step"] for p in sent["probes"]] == sent["probed"] == [p["step"] for p in run.probes]
    assert {"real", "fake", "held_out"} & set(sent["probes"][-1]["scores"])
    records = {r["step"]: r["D(G(z))"] for r in run.records()[0]}
    assert sent["given"][steps.index(4)] == records[4]

    app.session_state[f"machine-{run.id}"] = {"have": {"frames": steps[:-1], "probes": sent["probed"]}}
    app.run()
    again = machine_data(app)
    assert [f["step"] for f in again["frames"]] == steps[-1:]
    assert again["probes"] == []
    assert again["known"] == [len(steps) - 1, sum(steps[:-1]), len(sent["probed"]), sum(sent["probed"])]


def test_a_critic_is_not_called_a_probability(trained: dict[str, Path]) -> None:
    app = opened("lab", run=own(trained, "wgan").id)
    assert "not a probability" in said(app)
    assert "Probability of" not in said(app)
    assert chart(app, "D(x), real")["line"] is None
    assert not machine_data(app)["probable"]


def test_lab_shows_curves_over_real_ones(trained: dict[str, Path]) -> None:
    sent = machine_data(opened("lab", run=own(trained, "sine-mlp").id))
    assert sent["kind"] == "curves"
    assert {"x", "real", "fake", "step"} == set(sent["frames"][0])
    low, high = sent["range"]
    assert low < -1 < 1 < high


@pytest.mark.parametrize("state", ["paused", "stopped", "failed", "lost"])
def test_lab_resumes_what_ended_early(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    run = own(trained, "gan")
    run.write_status(state="running" if state == "lost" else state, message="It ended here.", pid=2**22 + 1)
    resumed: list[Run] = []
    monkeypatch.setattr(jobs, "resume", resumed.append)
    app = opened("lab", run=run.id)
    button(app, "Resume").click().run()
    assert [r.id for r in resumed] == [run.id]


def test_a_failure_shows_its_reason_and_folds_its_traceback(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    run.write_status(state="failed", message="The disk is full.")
    run.log('Traceback (most recent call last):\n  File "x.py", line 1, in work\nOSError: no room\n')
    app = opened("lab", run=run.id)
    assert "The disk is full." in said(app)
    (fold,) = [e for e in app.expander if e.label == "The traceback"]
    assert not fold.proto.expanded
    assert "OSError: no room" in fold.code[0].value


def test_stop_and_delete_ask_first(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    run.claim()
    app = opened("lab", run=run.id)
    assert {"Stop", "Delete", "Delete it"}.isdisjoint(labels(app)), "what trains cannot be deleted, and no button stops it unasked"
    assert asks(app, "Stop") == "It ends at once and keeps what it has learned. It can be resumed later."
    button(app, "Stop it").click().run()
    assert run.asked == "stop"
    run.end("stopped", message="")
    app = opened("lab", run=run.id)
    assert "gone for good" in asks(app, "Delete")
    button(app, "Delete it").click().run()
    assert not run.folder.exists()
    assert "run" not in app.query_params


def asks(app: AppTest, name: str) -> str:
    """The words over the button in the popover of that name."""
    (popover,) = [p for p in app.get("popover") if p.proto.popover.label == name]
    return popover.markdown[0].value


def test_pause_asks_without_waiting(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    run.claim()
    app = opened("lab", run=run.id)
    button(app, "Pause").click().run()
    assert run.asked == "pause"
    assert "Pausing" in said(app)


def test_rename_and_continue(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = own(trained, "gan")
    extended: list[tuple[Run, dict[str, float]]] = []
    monkeypatch.setattr(jobs, "extend", lambda run, **more: extended.append((run, more)))
    app = opened("lab", run=run.id)
    next(t for t in app.text_input if t.label == "Name").set_value("  My digits ")
    button(app, "Keep this name").click().run()
    assert run.name == "My digits"
    assert app.title[0].value == "My digits"
    next(n for n in app.number_input if n.label == "Steps more").set_value(40)
    button(app, "Train on").click().run()
    assert [(r.id, more) for r, more in extended] == [(run.id, {"steps": 40})]


def test_duplicate_fills_the_form(trained: dict[str, Path], submitted: list[tuple[RunConfig, str]]) -> None:
    config = configure("cgan-mlp", "published", seed=11, steps=77)
    config = config.model_copy(update={"settings": config.settings.model_copy(update={"batch": 24})})
    run = runs.new(config)
    app = opened("lab", run=run.id)
    button(app, "Duplicate with changes").click().run()
    assert not app.exception
    assert "run" not in app.query_params
    button(app, "Start training").click().run()
    ((again, _),) = submitted
    assert again == config


def test_a_remedy_starts_or_fills_the_form(
    trained: dict[str, Path], submitted: list[tuple[RunConfig, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = own(trained, "gan")
    remedy = Remedy("Slow D down", "It runs ahead.", lambda c: c.model_copy(update={"seed": 99}))
    found = Health("amber", "D too strong", "D is ahead.", ("D(x) 0.99",), "It wins.", (remedy,))
    monkeypatch.setattr(reading, "read", lambda *_: found)
    app = opened("lab", run=run.id)
    assert "Watch it" in said(app)
    assert "**D is ahead.**" in said(app)
    assert "D(x) 0.99" in said(app)
    assert "It wins." in said(app)
    app.button(key=f"form-{run.id}-D too strong-0").click().run()
    assert app.number_input(key="training_seed-1").value == 99
    app = opened("lab", run=run.id)
    app.button(key=f"start-{run.id}-D too strong-0").click().run()
    ((config, title),) = submitted
    assert (config.seed, title) == (99, "Slow D down")
    assert app.query_params["run"] != run.id


def test_runs_of_others_need_their_link(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, common = own(trained, "gan"), own(trained, "cgan")
    atomic.write(theirs.about_path, runs.RunLabel(owner="somebody").model_dump_json().encode())
    theirs.write_status(state="stopped")
    listed = [query for _, query in page_links(opened("lab"))]
    assert listed == [f"run={common.id}"]
    app = opened("lab", run=theirs.id)
    assert "Somebody else's run" in said(app)
    assert not {"Resume", "Delete", "Keep this name"} & set(labels(app))
    assert "Duplicate with changes" in labels(app)
    assert opened("latent").selectbox(key="menu").options == [common.title]
    assert theirs.title in opened("latent", run=theirs.id).selectbox(key="menu").options, "who has the link may look"
    monkeypatch.setenv(settings.variable("show_all"), "1")
    assert len(page_links(opened("lab"))) == 2
    assert "Resume" in labels(opened("lab", run=theirs.id))
