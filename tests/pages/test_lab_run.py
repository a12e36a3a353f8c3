"""A run in the training lab, run without a browser: what it shows of it, and what its buttons do."""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs, settings
from gan_core.gans.config import RunConfig, configure
from gan_core.health import reading
from gan_core.health.remedies import Remedy
from gan_core.runs import Run
from gan_core.storage import atomic
from pages.shared import history, run_status, visitors
from pages.training_lab.form import draft
from pages.training_lab.run import stage, stage_frames
from tests.pages.app import button, charts, labels, opened, own, page_links, said


def test_lab_shows_a_run(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("lab", run=run.id)
    assert "#### GAN, stable" in said(app)
    shown = stage_data(app)
    assert shown["progress"] == {"done": 1.0, "told": f"Finished · step 6 · {run.status.seconds:.0f} s trained"}
    losses, opinions, gradients = (shown["charts"][name] for name in ("losses", "opinions", "gradients"))
    assert {"loss of D", "loss of G"} <= {t["name"] for t in losses["traces"]}
    assert opinions["levels"][0][0] == 0.5
    assert gradients["log"]
    assert losses["x_range"] == [0, 6], "the axis ends with the last step"
    assert [what for what, _ in shown["onward"]] == ["explore", "again", "break"]
    assert ("Compare with another run", f"runs={run.id}") in page_links(app)
    assert {"Everything (zip)", "Weights (safetensors)", "The training as a film (GIF)"} <= {b.label for b in app.get("download_button")}
    assert f"lab?run={run.id}" in app.code[0].value


def stage_data(app: AppTest) -> dict[str, Any]:
    """What the stage was sent."""
    return next(json.loads(c) for c in charts(app) if '"frames"' in c)


@pytest.mark.parametrize(
    ("step", "at", "words"),
    [
        ("4", 4, ""),
        ("3000", 3000, "no samples of step 3000"),
        ("abc", None, "asks for step abc"),
        ("-1", None, "asks for step -1"),
        ("²", None, "no number of a step"),
        ("9" * 40, None, "no number of a step"),
    ],
)
def test_the_address_names_the_step_that_the_stage_opens_at(trained: dict[str, Path], step: str, at: int | None, words: str) -> None:
    app = opened("lab", run=own(trained, "gan").id, step=step)
    assert stage_data(app)["at"] == at
    assert words in "".join(w.value for w in app.warning)
    assert bool(app.warning) == bool(words)


def test_the_stage_is_sent_what_it_lacks(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    steps = [grid.step for grid in run.samples]
    app = opened("lab", run=run.id)
    sent = stage_data(app)
    assert sent["steps"] == steps
    assert sent["frames"][0]["step"] == steps[-1], "the newest first"
    assert sorted(f["step"] for f in sent["frames"]) == steps[: stage_frames.FRAMES]
    assert base64.b64decode(sent["frames"][0]["png"]) == run.samples[-1].read()

    app.session_state[f"stage-{run.id}"] = {"have": {"frames": steps[:-1]}}
    app.run()
    again = stage_data(app)
    assert [f["step"] for f in again["frames"]] == steps[-1:]
    assert again["known"] == [len(steps) - 1, sum(steps[:-1])]


def test_a_picture_and_what_is_known_of_it_come_together(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    run.looks_path.unlink(missing_ok=True)
    steps = [grid.step for grid in run.samples]
    for step in steps[:-1]:
        run.append_look(step, 1.0, {"n": 80, "legible": 40, "digits": 7, "variety": 0.9, "ink": 1.0}, {"real": [1.0], "fake": [-1.0]})
    run.write_status(state="queued", queued=1.0)
    kept = history.of(run)
    live = stage_frames.of(run, kept, run.status, set())
    assert live["steps"] == steps[:-1], "the newest waits for its look"
    assert live["looks"][steps[0]] == {"n": 80, "legible": 40, "digits": 7, "variety": 0.9, "ink": 1.0}
    assert {tuple(frame["scores"]["fake"]) for frame in live["frames"]} == {(-1.0,)}
    over = stage_frames.of(run, kept, run.status.model_copy(update={"state": "finished"}), set())
    assert over["steps"] == steps, "nothing more comes"


def test_every_block_is_there_before_the_first_step(trained: dict[str, Path]) -> None:
    """Axes without curves, and a grid without pictures: what comes takes their places, and nothing moves."""
    run = runs.new(configure("acgan", seconds=20.0, data="digits-5k"))
    empty = stage_data(opened("lab", run=run.id))
    full = stage_data(opened("lab", run=own(trained, "cgan").id))
    assert empty["frames"] == []
    assert empty["panels"] == full["panels"]
    assert set(empty["charts"]) == set(full["charts"])
    assert set(empty["buttons"]) == set(full["buttons"])
    assert all(chart["x_range"][1] > 0 and chart["y_range"] for chart in empty["charts"].values())
    assert empty["grid"]["columns"] == 10


def test_a_critic_is_not_called_a_probability(trained: dict[str, Path]) -> None:
    sent = stage_data(opened("lab", run=own(trained, "wgan").id))
    assert not sent["probable"]
    assert "no probability" in sent["charts"]["opinions"]["title"]
    assert "probability of" not in json.dumps(sent["charts"]).lower()
    assert sent["charts"]["opinions"]["levels"] == []


def test_lab_shows_curves_over_real_ones(trained: dict[str, Path]) -> None:
    sent = stage_data(opened("lab", run=own(trained, "sine-mlp").id))
    assert sent["kind"] == "curves"
    assert {"x", "real", "fake", "step", "scores"} == set(sent["frames"][0])
    low, high = sent["range"]
    assert low < -1 < 1 < high
    assert [level for level, _ in sent["charts"]["losses"]["levels"]] == pytest.approx([1.3863, 0.6931], abs=1e-4)


@pytest.mark.parametrize("state", ["paused", "stopped", "failed", "lost"])
def test_lab_resumes_what_ended_early(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    run = own(trained, "gan")
    run.write_status(state="running" if state == "lost" else state, message="It ended here.", pid=2**22 + 1)
    resumed: list[Run] = []
    monkeypatch.setattr(jobs, "resume", resumed.append)
    app = opened("lab", run=run.id)
    shown = stage_data(app)
    assert (shown["buttons"]["pause"]["act"], shown["buttons"]["pause"]["label"]) == ("resume", "Resume")
    if state in ("failed", "lost"):
        assert (shown["verdict"]["level"], shown["verdict"]["word"]) == ("red", run_status.word(run.status))
        assert shown["verdict"]["sentence"] == run.status.message
    press(monkeypatch, run, "resume")
    assert [r.id for r in resumed] == [run.id]


def press(monkeypatch: pytest.MonkeyPatch, run: Run, what: str, value: object = None, *, may: bool = True) -> dict[str, Any]:
    """What a press on the stage does, by a visitor who may change the run, or may not: session state and address afterwards."""
    state: dict[str, Any] = {}
    address: dict[str, Any] = {}
    with monkeypatch.context() as patched:
        patched.setattr(visitors, "may_change", lambda _: may)
        patched.setattr(st, "session_state", state)
        patched.setattr(st, "query_params", address)
        stage.attempt(run, {"what": what, "value": value})
    return state | address


def test_the_pace_and_single_steps_are_asked_of_the_run(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = own(trained, "gan")
    run.claim()
    press(monkeypatch, run, "rate", 5)
    assert run.pace == 5
    assert stage_data(opened("lab", run=run.id))["pace"] == 5
    press(monkeypatch, run, "single", "D")
    assert (run.pace, run.pacing.singles) == (0, ("D",))
    for what, value in (("rate", -3), ("rate", "fast"), ("single", "E"), ("single", None)):
        assert "choose" in press(monkeypatch, run, what, value)["refused"], (what, value)
    press(monkeypatch, run, "rate", None)
    assert run.pace is None
    run.end("stopped", message="", single_d=2, single_g=1)
    assert "stepped by hand: D 2, G 1 times" in stage_data(opened("lab", run=run.id))["progress"]["told"]


def test_who_may_only_look_changes_nothing(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = own(trained, "gan")
    run.claim()
    for what in ("pause", "stop", "more", "resume", "nonsense", ""):
        press(monkeypatch, run, what, may=False)
    assert run.asked is None
    run.end("stopped", message="")


def test_a_press_that_cannot_be_done_says_why(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = own(trained, "gan")
    run.resume_path.unlink()
    assert "no checkpoint" in press(monkeypatch, run, "more")["refused"]


def test_a_failure_shows_its_reason_and_folds_its_traceback(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    run.write_status(state="failed", message="The disk is full.")
    run.log('Traceback (most recent call last):\n  File "x.py", line 1, in work\nOSError: no room\n')
    app = opened("lab", run=run.id)
    assert stage_data(app)["verdict"]["sentence"] == "The disk is full."
    (fold,) = [e for e in app.expander if e.label == "The traceback"]
    assert not fold.proto.expanded
    assert "OSError: no room" in fold.code[0].value


def test_stop_keeps_all_and_delete_asks_first(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = own(trained, "gan")
    run.claim()
    app = opened("lab", run=run.id)
    assert {"Delete", "Delete it"}.isdisjoint(labels(app)), "what trains cannot be deleted"
    assert stage_data(app)["buttons"]["stop"]["act"] == "stop"
    press(monkeypatch, run, "stop")
    assert run.asked == "stop"
    assert stage_data(opened("lab", run=run.id))["buttons"]["stop"] == {"act": "", "label": "Stopping", "help": STOP}
    run.end("stopped", message="")
    app = opened("lab", run=run.id)
    (fold,) = [e for e in app.expander if e.label == "Delete"]
    assert "gone for good" in fold.markdown[0].value
    button(app, "Delete it").click().run()
    assert not run.folder.exists()
    assert "run" not in app.query_params


STOP = "It ends at once and keeps what it has learned. It can be resumed later."


def test_pause_asks_without_waiting(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = own(trained, "gan")
    run.claim()
    assert stage_data(opened("lab", run=run.id))["buttons"]["pause"]["act"] == "pause"
    press(monkeypatch, run, "pause")
    assert run.asked == "pause"
    assert stage_data(opened("lab", run=run.id))["buttons"]["pause"]["label"] == "Pausing"
    run.end("stopped", message="")


def test_rename_and_continue(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = own(trained, "gan")
    extended: list[tuple[Run, dict[str, float]]] = []
    monkeypatch.setattr(jobs, "extend", lambda run, **more: extended.append((run, more)))
    app = opened("lab", run=run.id)
    next(t for t in app.text_input if t.label == "Name").set_value("  My digits ")
    button(app, "Keep this name").click().run()
    assert run.name == "My digits"
    assert "#### My digits" in said(app)
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
    found = dataclasses.replace(
        reading.read(run.config, [], [], [], run.status),
        level="amber",
        state="trouble",
        sentence="D is ahead.",
        evidence=("D(x) 0.99",),
        why="It wins.",
        remedies=(remedy,),
    )
    monkeypatch.setattr(reading, "read", lambda *_: found)
    verdict = stage_data(opened("lab", run=run.id))["verdict"]
    assert (verdict["level"], verdict["word"], verdict["sentence"]) == ("amber", "Watch it", "D is ahead.")
    assert (verdict["evidence"], verdict["why"]) == (["D(x) 0.99"], "It wins.")
    assert verdict["remedies"] == [{"title": "Slow D down", "why": "It runs ahead."}]
    filled: list[RunConfig] = []
    monkeypatch.setattr(draft, "fill", filled.append)
    press(monkeypatch, run, "change", 0)
    assert [config.seed for config in filled] == [99]
    for bad in (1, -1, "0", None):
        press(monkeypatch, run, "change", bad)
        press(monkeypatch, run, "remedy", bad)
    assert len(filled) == 1
    there = press(monkeypatch, run, "remedy", 0)
    ((config, title),) = submitted
    assert (config.seed, title) == (99, "Slow D down")
    assert there["run"] != run.id


def test_runs_of_others_need_their_link(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, common = own(trained, "gan"), own(trained, "cgan")
    atomic.write(theirs.about_path, runs.RunLabel(owner="somebody").model_dump_json().encode())
    theirs.write_status(state="stopped")
    listed = [query for _, query in page_links(opened("lab"))]
    assert listed == [f"run={common.id}"]
    app = opened("lab", run=theirs.id)
    assert "somebody else's run" in said(app)
    assert not {b["act"] for b in stage_data(app)["buttons"].values()} - {""}
    assert not {"Delete it", "Keep this name"} & set(labels(app))
    assert "Duplicate with changes" in labels(app)
    assert opened("latent").selectbox(key="menu").options == [common.title]
    assert theirs.title in opened("latent", run=theirs.id).selectbox(key="menu").options, "who has the link may look"
    monkeypatch.setenv(settings.variable("show_all"), "1")
    assert len(page_links(opened("lab"))) == 2
    assert stage_data(opened("lab", run=theirs.id))["buttons"]["pause"]["act"] == "resume"
