"""Links to the pages, good and bad: what is not there is a sentence, and what does not fit falls back."""

from __future__ import annotations

from pathlib import Path

import pytest

from gan_core.gans.variants import QUICK, VARIANTS
from tests.pages.app import opened, own, page_links, said


@pytest.mark.parametrize("page", ["latent", "digits"])
def test_without_networks_explore_says_what_to_do(page: str) -> None:
    app = opened(page)
    assert len(app.info) == 1
    assert page_links(app)


@pytest.mark.parametrize("page", ["lab", "latent", "digits"])
@pytest.mark.parametrize("name", ["nothing-of-this-name", "../../etc", "/etc", "..", "a\x00b", "<b>x</b>"])
def test_a_bad_run_in_the_address_is_a_sentence(trained: dict[str, Path], page: str, name: str) -> None:
    own(trained, "cgan")
    app = opened(page, run=name)
    assert len(app.error) == 1
    assert "list" in app.error[0].value


def test_a_run_that_cannot_be_shown_is_a_sentence(trained: dict[str, Path]) -> None:
    own(trained, "cgan")
    app = opened("digits", run=own(trained, "gan").id)
    assert "cannot be shown on this page" in app.warning[0].value


def test_bad_values_in_the_address_fall_back(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    for query in ({"seed": "-5"}, {"seed": "soup"}, {"digit": "11"}, {"count": "100000"}, {"seed": "99999999999999"}):
        opened("digits", run=run.id, **query)
    app = opened("lab", variant="stylegan", recipe="../x", pair="a,b,c")
    assert VARIANTS[QUICK].idea in said(app)
    assert app.radio[0].value == "stable"
    assert len(app.warning) == 2, "one sentence for each"


def test_a_broken_checkpoint_is_a_sentence(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    assert run.weights
    run.weights.write_bytes(b"not a checkpoint")
    app = opened("latent", run=run.id)
    assert len(app.error) == 1
    assert not app.slider
