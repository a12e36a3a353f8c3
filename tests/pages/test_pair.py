"""The page of a pair: a run that fails beside its cure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gan_core import runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig, configure
from gan_core.health.demonstrations import BREAKS
from gan_core.runs import Run, folders
from pages.training_lab.break_it import begin
from pages.training_lab.form import form
from pages.training_lab.pair import content, view
from pages.training_lab.pair.content import Shown
from pages.training_lab.run import stage
from tests.pages.app import button, opened, said

RECORDED = [name for name, each in BREAKS.items() if each.recording()]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recordings that come with the project."""
    monkeypatch.setattr(folders, "SHIPPED", settings.ROOT / "checkpoints")


def drawn(app: Any) -> dict[str, Any]:
    """What the pair's component was given."""
    (found,) = [
        json.loads(element.proto.json) for element in app.get("bidi_component") if element.proto.component_name == "gan_atelier_pair"
    ]
    return found


@pytest.fixture
def two() -> list[Run]:
    """A broken run and its cure that wait for nobody: neither has trained."""
    each = BREAKS["rate-sine"]
    return [runs.new(config) for config in (each.broken(each.data, 0), each.cure(each.data, 0))]


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("name", RECORDED)
def test_a_preset_shows_its_recording_what_it_changes_and_its_question(name: str) -> None:
    data = drawn(opened("lab", **{"break": name}))
    each = BREAKS[name]
    recording = each.recording()
    assert recording is not None
    assert [run.config for run in recording] == [each.broken(each.data, 0), each.cure(each.data, 0)]
    assert data["title"] == each.title
    assert data["change"] == " · ".join(map(str, each.changes()))
    assert data["prediction"]["answers"] == list(each.prediction.answers)
    assert list(data["sources"]) == ["recorded"]
    assert data["buttons"]["pause"]["act"] == "start"
    recorded = data["sources"]["recorded"]
    assert (recorded["broken"]["run"], recorded["cure"]["run"]) == (f"{name}-broken", f"{name}-cure")
    assert recorded["broken"]["verdicts"][-1]["level"] == "red"
    assert "red" not in {verdict["level"] for verdict in recorded["cure"]["verdicts"]}


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("name", RECORDED)
def test_both_runs_lie_over_one_another_on_one_scale(name: str) -> None:
    for chart in drawn(opened("lab", **{"break": name}))["sources"]["recorded"]["charts"].values():
        dashes = [trace["dash"] for trace in chart["traces"]]
        assert dashes == ["dash", "dash", "solid", "solid"], "the broken run is dashed, the cure solid"
        assert len(chart["y_range"]) == 2
        assert chart["x_range"][1] == BREAKS[name].broken(BREAKS[name].data, 0).steps


def test_a_preset_without_a_recording_is_one_sentence_and_a_button() -> None:
    app = opened("lab", **{"break": "rate"})
    assert "There is no recording of this pair here. Train both, and watch." in said(app)
    assert button(app, "Train both now")


@pytest.mark.parametrize(("query", "words"), [({"break": "nope"}, "no preset 'nope'"), ({"pair": "a,b"}, "no run 'a' here")])
def test_an_address_that_does_not_fit_is_one_sentence(query: dict[str, str], words: str) -> None:
    app = opened("lab", **query)
    assert [words in error.value for error in app.error] == [True]


def test_any_two_runs_can_be_shown_beside_each_other() -> None:
    pair = [runs.new(configure("sine-mlp", seed=seed)) for seed in (1, 2)]
    data = drawn(opened("lab", pair=",".join(run.id for run in pair)))
    assert data["change"] == "seed 2 → 1"
    assert data["prediction"] is None
    assert list(data["sources"]) == ["live"]


@pytest.mark.usefixtures("recorded")
def test_a_pair_that_waits_says_so_while_the_recording_plays(monkeypatch: pytest.MonkeyPatch, two: list[Run]) -> None:
    monkeypatch.setattr("gan_core.jobs.position", lambda run: 1 + two.index(run))
    shown = Shown(BREAKS["rate-sine"], (two[0], two[1]))
    assert content._progress(shown, [run.status for run in two])["told"] == (
        "Waiting for a place: number 1 in the queue. The recording plays meanwhile."
    )


@pytest.mark.usefixtures("recorded")
def test_where_nothing_may_train_the_recording_is_shown_and_the_reason_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(config: RunConfig, title: str = "") -> Run:
        raise AtelierError("You have three runs there already.")

    monkeypatch.setattr(form, "submit", full)
    app = opened("lab", tab="break")
    app.button(key="break-rate-sine").click().run()
    assert not app.exception
    assert [error.value for error in app.error] == ["You have three runs there already."]
    assert app.query_params["break"] == "rate-sine"
    assert not runs.own()


def test_pause_stop_and_resume_reach_both(monkeypatch: pytest.MonkeyPatch, two: list[Run]) -> None:
    done: list[tuple[str, str]] = []
    for what in ("pause", "resume", "stop"):
        monkeypatch.setattr(f"gan_core.jobs.{what}", lambda run, *_, what=what: done.append((what, run.id)))
    monkeypatch.setattr(view.visitors, "may_change", lambda run: True)
    monkeypatch.setattr(Run, "checkpoint", (5, 1.0))
    shown = Shown(BREAKS["rate-sine"], (two[0], two[1]))
    view.attempt(shown, {"what": "pause"})
    view.attempt(shown, {"what": "resume"})
    for run in two:
        run.write_status(state="paused")
    view.attempt(shown, {"what": "stop"})
    assert done == [(what, run.id) for what in ("pause", "resume", "stop") for run in two]


def test_a_run_of_somebody_else_is_not_touched(monkeypatch: pytest.MonkeyPatch, two: list[Run]) -> None:
    monkeypatch.setattr(view.visitors, "may_change", lambda run: run == two[1])
    paused: list[Run] = []
    monkeypatch.setattr("gan_core.jobs.pause", paused.append)
    view.attempt(Shown(None, (two[0], two[1])), {"what": "pause"})
    assert paused == [two[1]]


@pytest.mark.parametrize("stop", [True, False])
def test_leaving_leads_to_break_it_and_stops_both_if_that_was_the_answer(
    monkeypatch: pytest.MonkeyPatch, two: list[Run], stop: bool
) -> None:
    address = {"pair": ",".join(run.id for run in two), "break": "rate-sine"}
    monkeypatch.setattr(view.st, "query_params", address)
    monkeypatch.setattr(view.visitors, "may_change", lambda run: True)
    for run in two:
        run.write_status(state="paused")
    view.attempt(Shown(BREAKS["rate-sine"], (two[0], two[1])), {"what": "leave", "value": stop})
    assert address == {"tab": "break"}
    assert [run.status.state for run in two] == ["stopped" if stop else "paused"] * 2


@pytest.mark.parametrize("value", [["live", "nobody"], ["nowhere", "cure"], "cure", None, [1, 2]])
def test_what_the_browser_names_is_looked_up_and_not_believed(monkeypatch: pytest.MonkeyPatch, two: list[Run], value: object) -> None:
    monkeypatch.setattr(view.st, "query_params", {})
    shown = Shown(None, (two[0], two[1]))
    view.attempt(shown, {"what": "open", "value": value})
    assert view.st.query_params == {}
    view.attempt(shown, {"what": "open", "value": ["live", "cure"]})
    assert view.st.query_params == {"run": two[1].id}


def test_a_second_training_that_is_refused_takes_the_first_one_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Run] = []

    def once(config: RunConfig, title: str = "") -> Run:
        if made:
            raise AtelierError("That is one too many.")
        made.append(runs.new(config, state="queued", queued=1.0))
        return made[0]

    monkeypatch.setattr(form, "submit", once)
    said_: list[str] = []
    monkeypatch.setattr(stage, "refuse", said_.append)
    address: dict[str, str] = {}
    monkeypatch.setattr(begin.st, "query_params", address)
    begin.pair(BREAKS["rate-sine"])
    assert said_ == ["That is one too many."]
    assert made[0].status.state == "stopped"
    assert address == {"break": "rate-sine"}


def test_a_card_says_how_long_both_took_here_once_they_did() -> None:
    each = BREAKS["rate-sine"]
    assert f"both together about {each.seconds} s" in said(opened("lab", tab="break"))
    for config, seconds in ((each.broken(each.data, 0), 7.0), (each.cure(each.data, 0), 9.0)):
        run = runs.new(config)
        run.write_status(state="finished", seconds=seconds, step=config.steps)
    assert "both together took 9 s here" in said(opened("lab", tab="break"))
