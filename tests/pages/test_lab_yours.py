"""The cards of a visitor's runs: what they say, which two are one, and who may delete what."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig, configure
from gan_core.health.demonstrations import BREAKS
from gan_core.runs import Run, RunLabel
from gan_core.runs.status import now
from gan_core.storage import atomic
from pages.shared import visitors
from pages.training_lab.yours import cards, pairs
from tests.pages.app import button, labels, opened, own, page_links, pictures, said


def label(run: Run, owner: str = "", title: str = "") -> Run:
    atomic.write(run.about_path, RunLabel(owner=owner, title=title).model_dump_json().encode())
    return run


def test_a_card_has_the_given_name_first_and_says_how_it_is_doing(trained: dict[str, Path]) -> None:
    first = own(trained, "gan")
    first.write_status(created=now())  # however long ago the copy was trained
    label(first, title="my first *digits*")
    run = own(trained, "sine-mlp")
    run.write_status(state="stopped")
    app = opened("lab")
    assert [element.value for element in app.subheader] == ["Your runs"]
    assert {name for name, _ in page_links(app)} == {r"my first \*digits\*", "Sine, dense, stable"}
    assert "GAN, stable · just now" in [c.value for c in app.caption]
    shown = "".join(pictures(app))
    assert 'alt="Last samples of my first *digits*"' in shown
    assert 'alt="Last samples of Sine, dense, stable"' in shown
    for each in runs.own():
        assert cards.standing(each) in [m.value for m in app.markdown]
        assert re.fullmatch(r":(green|gray|orange|red)\[\*\*.+\*\*\]", cards.standing(each))


@pytest.mark.parametrize(
    ("state", "badge"), [("failed", "Failed"), ("paused", "Paused"), ("queued", "Waiting"), ("running", "Lost"), ("stopped", "Stopped")]
)
def test_a_run_that_has_not_ended_well_says_where_it_stands(state: str, badge: str) -> None:
    run = runs.new(configure("gan"))
    run.write_status(state=state, queued=1.0 if state == "queued" else None)
    assert badge in cards.standing(run)
    assert "No samples yet" in "".join(pictures(opened("lab")))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "just now"),
        (65, "1 minute ago"),
        (200, "3 minutes ago"),
        (3_700, "1 hour ago"),
        (90_000, "1 day ago"),
        (9 * 86_400, "9 days ago"),
    ],
)
def test_when_it_was(seconds: float, words: str) -> None:
    run = runs.new(configure("gan"))
    run.write_status(created=(datetime.now(UTC) - timedelta(seconds=seconds)).isoformat(timespec="seconds"))
    assert cards.ago(run) == words


def begun(config: RunConfig, title: str = "", owner: str = "") -> Run:
    return runs.new(config, about=RunLabel(title=title, owner=owner))


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_run_and_its_cure_are_one_card(name: str) -> None:
    preset = BREAKS[name]
    between = begun(configure("gan", seed=4))
    broken, cure = begun(preset.broken(preset.data, 0), "renamed"), begun(preset.cure(preset.data, 0))
    other_seed = begun(preset.cure(preset.data, 1))
    found = pairs.grouped([other_seed, cure, between, broken])
    assert [entry.run.id for entry in found] == [other_seed.id, broken.id, between.id]
    assert found[1].cure
    assert (found[1].cure.id, found[1].preset) == (cure.id, preset)
    app = opened("lab")
    assert (preset.title, f"pair={broken.id}%2C{cure.id}&break={name}") in page_links(app)
    assert "Broken: " in said(app)


def test_two_of_other_owners_or_other_times_are_no_pair() -> None:
    preset = next(iter(BREAKS.values()))
    broken, cure = begun(preset.broken(preset.data, 0), owner="me"), begun(preset.cure(preset.data, 0), owner="you")
    assert len(pairs.grouped([broken, cure])) == 2
    label(cure, owner="me")
    assert len(pairs.grouped([broken, cure])) == 1
    cure.write_status(created=(datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds"))
    assert len(pairs.grouped([broken, cure])) == 2


def mine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "me", lambda: "me")


def test_all_of_mine_are_deleted_after_a_question_and_nothing_else(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    mine(monkeypatch)
    monkeypatch.setenv(settings.variable("show_all"), "1")
    resting = [begun(configure("gan", seed=seed), owner="me") for seed in (1, 2)]
    busy = begun(configure("gan", seed=3), owner="me")
    busy.claim(state="running")
    others = [begun(configure("gan", seed=4), owner="you"), begun(configure("gan", seed=5))]
    app = opened("lab")
    assert [element.value for element in app.subheader] == ["All runs on this machine"]
    (question,) = [p for p in app.get("popover") if p.proto.popover.label == "Delete all of mine"]
    assert question.markdown[0].value.startswith("Delete 2 runs? ")
    assert question.caption[0].value == "What waits or trains stays."
    button(app, "Delete them").click().run()
    assert not app.exception
    assert not any(run.folder.exists() for run in resting)
    assert all(run.folder.exists() for run in (busy, *others))


def test_what_cannot_be_deleted_stays_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    mine(monkeypatch)
    first, second = (begun(configure("gan", seed=seed), owner="me") for seed in (1, 2))
    delete = jobs.delete

    def refuse(run: Run) -> None:
        if run.id == first.id:
            raise AtelierError("It is being evaluated.")
        delete(run)

    monkeypatch.setattr(jobs, "delete", refuse)
    app = opened("lab")
    button(app, "Delete them").click().run()
    assert not app.exception
    assert first.folder.exists()
    assert not second.folder.exists()


def test_who_has_none_sees_nothing_of_it() -> None:
    app = opened("lab")
    assert not app.subheader
    assert "Delete them" not in labels(app)


def test_many_runs_are_shown_in_two_steps() -> None:
    for seed in range(cards.FEW + 3):
        begun(configure("gan", seed=seed))
    app: AppTest = opened("lab")
    assert len(page_links(app)) == cards.FEW
    button(app, "Show more").click().run()
    assert len(page_links(app)) == cards.FEW + 3
