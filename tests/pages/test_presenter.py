"""Who is the presenter: whoever had the secret word in the address, which is taken out of it at once."""

from __future__ import annotations

import pytest

from gan_core import runs, settings
from gan_core.gans.config import configure
from tests.pages.app import button, opened, said

WORD = "a very secret word"


@pytest.fixture
def word(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(settings.variable("presenter"), WORD)
    return WORD


@pytest.mark.parametrize("page", ["home", "lab", "latent", "digits", "judge", "compare"])
def test_the_word_opens_any_page_and_leaves_the_address(word: str, page: str) -> None:
    app = opened(page, presenter=word)
    assert "presenter" not in app.query_params
    assert not [e for e in app.error if "presenter" in e.value]
    app.switch_page("pages/training_lab/page.py").run()
    assert "You are the presenter" in said(app)


def test_the_presenters_run_goes_first(word: str, submitted: list[object]) -> None:
    app = opened("lab", presenter=word, variant="gan")
    button(app, "Start training").click().run()
    assert [run.presenter for run in runs.own()] == [True]
    app = opened("lab", variant="gan", seed="1")
    button(app, "Start training").click().run()
    assert sorted(run.presenter for run in runs.own()) == [False, True]


def test_a_wrong_word_is_a_sentence(word: str) -> None:
    app = opened("lab", presenter="guess")
    assert [e.value for e in app.error] == ["This is not the presenter's word. You are a visitor like the others."]
    assert "presenter" not in app.query_params
    assert "You are the presenter" not in said(app)


@pytest.mark.parametrize("given", ["", "guess", "None"])
def test_without_a_setting_there_is_no_presenter(given: str) -> None:
    app = opened("lab", presenter=given)
    assert "GAN_ATELIER_PRESENTER is not set" in app.error[0].value
    assert "You are the presenter" not in said(app)


def test_another_word_ends_it(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("lab", presenter=word)
    monkeypatch.setenv(settings.variable("presenter"), "another word")
    app.run()
    assert "You are the presenter" not in said(app)


def test_a_place_is_kept_and_visitors_are_told(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.variable("max_runs"), "2")
    busy = runs.new(configure("gan", seconds=60.0))
    busy.claim(state="running")
    assert "All places for visitors on this machine are taken" in said(opened("lab"))
    assert "1 of 2 places on this machine are taken. You are the presenter" in said(opened("lab", presenter=word))
