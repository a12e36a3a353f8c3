"""The address of the form: it says all of it, both ways; what does not fit in it is a sentence; it starts a training once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs
from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError
from gan_core.gans import compatibility
from gan_core.gans.config import RunConfig, configure
from gan_core.gans.objectives import OBJECTIVES
from gan_core.gans.recipes import SGD, RMSprop
from gan_core.gans.variants import QUICK, VARIANTS
from gan_core.health.demonstrations import BREAKS
from gan_core.runs import Run
from pages.training_lab.form import address, form
from tests.pages.app import button, charts, labels, opened, said


def sent(app: AppTest) -> dict[str, Any]:
    """What the browser's address line is told."""
    return next(data for data in map(json.loads, charts(app)) if "arrived" in data)


def seed_field(app: AppTest) -> Any:
    return next(each for each in app.number_input if each.label == "Seed")


@pytest.mark.parametrize("name", VARIANTS)
def test_every_setting_goes_into_the_address_and_comes_out_again(name: str) -> None:
    for recipe in VARIANTS[name].recipes:
        usual = address.usual(name, recipe)
        assert address.read(address.write(usual)) == (usual, [])
        for kind in OBJECTIVES:
            changes: dict[str, Any] = {
                "D": SGD(lr=0.1),
                "G": RMSprop(lr=3e-5),
                "steps": 77,
                "labels": "paired",
                "average": None,
                "splits": 3,
            }
            settings = compatibility.with_objective(usual.settings, kind).model_copy(update=changes)
            other = replace(usual, settings=settings, seconds=None, steps=123, seed=2**32 - 1, tensorboard=True, precision="bfloat16")
            assert address.read(address.write(other)) == (other, [])


def test_labels_and_networks_too() -> None:
    wanted = replace(address.usual("ssgan", "stable"), label_budget=50, networks="published", data="digits-5k")
    assert address.read(address.write(wanted)) == (wanted, [])


@pytest.mark.parametrize("name", BREAKS)
def test_what_fails_on_purpose_has_an_address(name: str) -> None:
    preset = BREAKS[name]
    usual = VARIANTS[preset.variant].data
    data = usual if DATA_SETS[usual].present else "digits-5k"
    for config in (preset.broken(data, 3), preset.cure(data, 3)):
        wanted, complaints = address.read(address.write(address.of(config)))
        assert (wanted.config(), complaints) == (config, [])


@pytest.mark.parametrize(
    ("query", "said_of_it"),
    [
        ({"variant": "stylegan"}, "variant=stylegan, and acgan is taken instead. Choose one of gan, "),
        ({"recipe": "../x"}, "recipe=../x, and stable is taken instead. Choose one of"),
        ({"data": "cifar"}, "data=cifar, and "),
        ({"data": "sine-fixed"}, "data=sine-fixed, and "),
        ({"seed": "5000000000"}, "seed=5000000000, and 0 is taken instead. A seed is a whole number from 0 to 4,294,967,295."),
        ({"seed": "-1"}, "seed=-1, and 0 is taken instead."),
        ({"seed": "12.5"}, "seed=12.5, and 0 is taken instead."),
        ({"seed": "soup"}, "seed=soup, and 0 is taken instead."),
        ({"seed": "nan"}, "seed=nan, and 0 is taken instead."),
        ({"seconds": "0"}, "seconds=0, and 20 is taken instead. A training lasts 1 to 86,400 seconds."),
        ({"seconds": "inf"}, "seconds=inf, and 20 is taken instead."),
        ({"seconds": "20 s"}, "seconds=20 s, and 20 is taken instead."),
        ({"steps": "1e9"}, "steps=1e9, and 1200 is taken instead. A training has 1 to 10,000,000 steps, a whole number."),
        ({"steps": "9", "seconds": "30"}, "both seconds and steps; the seconds are taken."),
        ({"device": "tpu"}, "device=tpu, and cpu is taken instead. Choose one of cpu, cuda, mps."),
        ({"device": "mps"}, "device=mps, and cpu is taken instead. This machine has no such device."),
        ({"precision": "float16"}, "precision=float16, and float32 is taken instead."),
        ({"networks": "none"}, "networks=none, and stable is taken instead."),
        ({"labels": "50"}, "labels=50, and that is left out. The D of this GAN learns no digits from labels."),
        ({"variant": "ssgan", "labels": "7"}, "labels=7, and that is left out. A number of labels is a multiple of 10"),
        ({"tensorboard": "yes"}, "tensorboard=yes, and 0 is taken instead."),
        ({"tab": "fail"}, "tab=fail, and train is taken instead. Choose one of train, break."),
        ({"D.lr": "-1"}, "D.adam.lr = -1 does not fit: choose a number greater than 0. The recipe is taken as it is."),
        ({"G.speed": "3"}, "The recipe is taken as it is."),
        ({"batch": "many"}, "The recipe is taken as it is."),
        ({"objective": "winning"}, "There is no objective winning. The recipe is taken as it is."),
        ({"objective.clip": "NaN"}, "The recipe is taken as it is."),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_starts_nothing(query: dict[str, str], said_of_it: str, submitted: list[object]) -> None:
    app = opened("lab", start="1", **query)
    (complaint,) = [warning.value for warning in app.warning]
    assert said_of_it in complaint
    assert "Nothing was started." in said(app)
    assert not submitted
    button(app, "Start training").click().run()
    assert len(submitted) == 1, "what is taken instead stands in the form, and can be started"


def test_values_of_any_length_are_cut() -> None:
    app = opened("lab", seed="9" * 5000)
    assert len(app.warning[0].value) < 300


@pytest.mark.parametrize(
    ("label", "typed", "why"),
    [
        ("Seed", 5e9, "A seed is a whole number from 0 to 4,294,967,295."),
        ("Seed", -1.0, "A seed is a whole number"),
        ("Seed", 12.5, "A seed is a whole number"),
        ("Seconds of training", 0.0, "A training lasts 1 to 86,400 seconds."),
        ("Seconds of training", 1e17, "A training lasts 1 to 86,400 seconds."),
    ],
)
def test_a_number_that_does_not_fit_stays_in_its_field_and_blocks_start(label: str, typed: float, why: str) -> None:
    app = opened("lab", seed="3", seconds="30")
    field = next(each for each in app.number_input if each.label == label)
    assert field.proto.has_max is False
    field.set_value(typed).run()
    assert why in app.error[0].value
    assert button(app, "Start training").disabled
    assert next(each for each in app.number_input if each.label == label).value == typed
    query = sent(app)["query"]
    assert (query["seed"], query["seconds"]) == ("3", "30"), "it does not reach the address"
    next(each for each in app.number_input if each.label == label).set_value(40.0).run()
    assert not app.error
    assert not button(app, "Start training").disabled


def test_a_link_starts_once_the_browser_has_forgotten_it(submitted: list[tuple[RunConfig, str]]) -> None:
    app = opened("lab", variant="gan", seconds="25", seed="4", start="1")
    assert "Start training" not in labels(app)
    assert not submitted, "the browser has not said yet that the address is replaced"
    asked = sent(app)
    assert "start" not in asked["query"]
    app.session_state["address"] = {"start": "something else"}
    app.run()
    assert not submitted
    app.session_state["address"] = {"start": asked["start"]}
    app.run()
    assert not app.exception
    ((config, _),) = submitted
    assert (config.variant, config.seconds, config.seed) == ("gan", 25.0, 4)
    (run,) = runs.own()
    assert dict(app.query_params) == {"run": run.id}
    app.run()
    assert len(submitted) == 1


def test_a_start_that_is_refused_shows_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(config: RunConfig, **_: str) -> Run:
        raise AtelierError("You have three runs there already.")

    monkeypatch.setattr(jobs, "submit", refuse)
    app = opened("lab", variant="gan", start="1")
    app.session_state["address"] = {"start": sent(app)["start"]}
    app.run()
    assert "You have three runs there already." in said(app)
    assert "Start training" in labels(app)
    assert not sent(app)["start"], "it does not try again"
    app.run()
    assert "Start training" in labels(app)


def test_the_same_twice_at_once_is_one_run_and_later_another(submitted: list[object]) -> None:
    config = configure("gan", seconds=20.0)
    first, second = form.submit(config), form.submit(config)
    assert first.id == second.id
    assert form.submit(config, title="named").id != first.id
    assert form.submit(configure("gan", seconds=21.0)).id != first.id
    first.write_status(state="stopped")
    assert form.submit(config).id != first.id, "what was stopped is started anew"
    assert len(submitted) == 4


def test_the_form_comes_back_as_it_was_left(submitted: list[object]) -> None:
    app = opened("lab", variant="wgan", seed="8")
    seed_field(app).set_value(9.0).run()
    app.switch_page("pages/home/page.py").run()
    app.query_params.clear()
    app.switch_page("pages/training_lab/page.py").run()
    assert sent(app)["query"]["variant"] == "wgan"
    assert seed_field(app).value == 9
    app.query_params["variant"] = QUICK  # another link
    app.run()
    assert (sent(app)["query"]["variant"], seed_field(app).value) == (QUICK, 0)


def test_a_copy_says_what_it_copies_and_opens_at_what_was_changed(submitted: list[tuple[RunConfig, str]]) -> None:
    config = configure("cgan-mlp", "published", seed=11, steps=77)
    config = config.model_copy(update={"settings": config.settings.model_copy(update={"batch": 24})})
    run = runs.new(config, about=runs.RunLabel(title="small batches"))
    app = opened("lab", copy=run.id, **address.write(address.of(config)))
    assert "Opened with the settings of this run:" in said(app)
    assert ("small batches", f"run={run.id}") in [(e.proto.label, e.proto.query_string) for e in app.get("page_link")]
    (fold,) = [e for e in app.expander if e.label == "Options"]
    assert fold.proto.expanded
    assert "→ 24" in said(app)


def test_the_tab_is_in_the_address() -> None:
    app = opened("lab", tab="break")
    assert sent(app)["query"] == {"tab": "break"}
    assert sent(opened("lab"))["query"]["variant"] == QUICK
