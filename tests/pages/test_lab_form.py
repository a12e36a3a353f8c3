"""The form of the training lab, run without a browser: what is chosen is what trains, and what cannot train says why."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig, checked, configure
from gan_core.gans.objectives import OBJECTIVES
from gan_core.gans.variants import QUICK, VARIANTS
from gan_core.health import demonstrations
from gan_core.runs import Run
from gan_core.storage import atomic
from pages.training_lab.form import address, devices, start
from pages.training_lab.form.draft import Draft
from tests.pages.app import button, charts, opened, own, said


def field(app: AppTest, label: str, kind: str = "selectbox"):  # type: ignore[no-untyped-def]
    """The field of that name; their keys change with every opening of the form."""
    return next(each for each in app.get(kind) if each.label == label)


def address_line(app: AppTest) -> dict[str, str]:
    """The query that the browser is told to show."""
    return next(data["query"] for data in map(json.loads, charts(app)) if "query" in data)


def cards(app: AppTest) -> dict[str, Any]:
    """What the cards of variants are told."""
    return next(data for data in map(json.loads, charts(app)) if "cards" in data)


def test_lab_starts_what_was_chosen(submitted: list[tuple[RunConfig, str]]) -> None:
    app = opened("lab", variant="wgan-gp", recipe="published")
    assert VARIANTS["wgan-gp"].differs[0] in said(app)
    field(app, "Data").set_value("digits-5k")
    field(app, "Seconds or steps", "button_group").set_value("steps").run()
    field(app, "Steps", "number_input").set_value(1234)
    field(app, "Seed", "number_input").set_value(7)
    button(app, "Start training").click().run()
    assert not app.exception
    ((config, _),) = submitted
    assert (config.variant, config.recipe, config.data, config.steps, config.seed) == ("wgan-gp", "published", "digits-5k", 1234, 7)
    assert config.settings == VARIANTS["wgan-gp"].recipes["published"]
    (run,) = runs.own()
    assert app.query_params["run"] == run.id
    assert "WGAN-GP, published" in said(app)
    assert "You are next" in said(app)


@pytest.mark.parametrize("recipe", ["stable", "published"])
def test_lab_folds_what_the_recipe_makes_of_its_source(recipe: str) -> None:
    wgan = VARIANTS["wgan-gp"]
    app = opened("lab", variant="wgan-gp", recipe=recipe)
    (fold,) = [e for e in app.expander if e.label == "Options"]
    assert not fold.proto.expanded
    words = "\n".join(m.value for m in fold.markdown)
    assert wgan.source in words
    assert all(f"- {part}" in words for part in (wgan.stable if recipe == "stable" else wgan.differs))


def test_lab_offers_the_quick_one_for_a_short_while() -> None:
    app = opened("lab")
    assert VARIANTS[QUICK].idea in said(app)
    assert field(app, "Seconds of training", "number_input").value == 20
    assert field(opened("lab", variant="dcgan"), "Seconds of training", "number_input").value == 60


def test_a_card_chooses_the_variant(trained: dict[str, Path], shipped_folder: Path) -> None:
    shutil.copytree(trained["gan"], shipped_folder / "gan-stable")
    app = opened("lab", data="digits-5k", seed="5")
    sent = cards(app)
    assert sent["chosen"] == QUICK
    assert [card["name"] for card in sent["cards"]] == list(VARIANTS)
    gan = sent["cards"][0]
    assert (gan["facts"], gan["alt"]) == ("1.1 M weights", "Samples of GAN")
    assert gan["picture"].startswith("data:image/png;base64,")
    app.session_state["draft"] = refilled(app, "ssgan")
    app.run()
    assert VARIANTS["ssgan"].idea in said(app)
    assert cards(app)["chosen"] == "ssgan"
    assert address_line(app) == {
        "variant": "ssgan",
        "recipe": "stable",
        "data": "digits-5k",
        "seconds": "60",
        "seed": "5",
        "device": devices.offered()[0],
    }


def refilled(app: AppTest, name: str) -> Draft:
    """The form after a click on the card of that name; no script of a component runs here."""
    before = app.session_state["draft"]
    return replace(before, number=before.number + 1, wanted=start.other_variant(before.latest, name), fresh=True)


def test_the_forecast_says_only_what_was_measured(trained: dict[str, Path], shipped_folder: Path) -> None:
    app = opened("lab", variant="gan")
    assert "not known yet" in said(app)
    assert "No run of this recipe comes with the project" in said(app)
    known = Run(shutil.copytree(trained["gan"], shipped_folder / "gan-stable"))
    known.write_status(step=6000, seconds=60.0)
    known.looks_path.unlink(missing_ok=True)
    assert "as fast as the one that trained the shipped run" in said(opened("lab", variant="gan"))
    known.append_look(2, 1.0, {"n": 64.0, "legible": 20.0}, {})
    known.append_look(4, 2.0, {"n": 64.0, "legible": 40.0}, {})
    app = opened("lab", variant="gan")
    assert "About **6,000 steps**, if" in said(app)
    assert "More than half of the digits can be read after about **0 s** (4 steps)." in said(app)
    before = own(trained, "gan")
    usual = configure("gan", steps=6)
    atomic.write(before.config_path, usual.model_dump_json().encode())
    before.write_status(step=3000, seconds=10.0)
    app = opened("lab", variant="gan")
    assert "About **18,000 steps** on this machine." in said(app)
    field(app, "Moving average of G").set_value(0.0).run()
    assert "expect something else:\n- moving average of G 0.998 → " in said(app)


def test_what_was_never_legible_is_not_promised(trained: dict[str, Path], shipped_folder: Path) -> None:
    known = Run(shutil.copytree(trained["gan"], shipped_folder / "gan-stable"))
    known.looks_path.unlink(missing_ok=True)
    known.append_look(2, 1.0, {"n": 64.0, "legible": 10.0}, {})
    known.append_look(4, 2.0, {"n": 64.0, "legible": 8.0}, {})
    assert "at best 10 could be read" in said(opened("lab", variant="gan"))


def test_advanced_settings_arrive_and_what_cannot_work_is_refused(submitted: list[tuple[RunConfig, str]]) -> None:
    app = opened("lab", variant="dcgan", recipe="published")
    objective = field(app, "Objective")
    assert not [o for o in objective.options if "gradient penalty" in o], "batch norm in D"
    assert "batch norm" in said(app)
    objective.set_value("wasserstein")
    field(app, "Learning rate of D", "select_slider").set_value(3e-4)
    field(app, "Batch size", "select_slider").set_value(128)
    field(app, "Updates of D per step", "select_slider").set_value(3)
    field(app, "Precision", "button_group").set_value("bfloat16").run()
    assert not app.error
    written = address_line(app)
    assert (written["objective"], written["D.lr"], written["batch"], written["precision"]) == ("wasserstein", "0.0003", "128", "bfloat16")
    button(app, "Start training").click().run()
    ((config, _),) = submitted
    settings = config.settings
    assert (settings.objective.kind, settings.D.lr, settings.G.lr, settings.batch, settings.d_steps) == ("wasserstein", 3e-4, 1e-3, 128, 3)
    assert config.precision == "bfloat16"
    again = opened("lab", **written)
    assert address_line(again) == written, "the address alone opens the same form"
    button(again, "Start training").click().run()
    assert submitted[0][0] == config

    app = opened("lab", variant="gan-bn", recipe="published")
    field(app, "Objective").set_value("saturating").run()
    assert not button(app, "Start training").disabled


def test_networks_are_chosen_apart_from_the_recipe(submitted: list[tuple[RunConfig, str]]) -> None:
    app = opened("lab", variant="dcgan", recipe="published")
    field(app, "Networks").set_value("stable").run()
    assert "networks published → stable" in said(app)
    button(app, "Start training").click().run()
    ((config, _),) = submitted
    assert (config.recipe, config.networks, config.changed) == ("published", "stable", ("networks",))

    app = opened("lab", variant="dcgan", recipe="stable")
    field(app, "Networks").set_value("published").run()
    assert "batch norm" in app.error[0].value
    assert button(app, "Start training").disabled


def test_what_cannot_train_says_so_in_place_of_the_button(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    config = configure("dcgan", "published")
    bad = config.model_copy(update={"settings": config.settings.model_copy(update={"objective": OBJECTIVES["wasserstein-gp"].usual()})})
    app = opened("lab", **address.write(address.of(bad)))
    assert "batch norm" in app.error[0].value
    assert button(app, "Start training").disabled


def test_lab_says_why_it_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(config: RunConfig, **_: str) -> Run:
        raise AtelierError("You have three runs there already.")

    monkeypatch.setattr(jobs, "submit", refuse)
    app = opened("lab")
    button(app, "Start training").click().run()
    assert not app.exception
    assert app.error[0].value == "You have three runs there already."
    assert not runs.own()


def test_lab_offers_no_data_that_is_not_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "nothing"))
    app = opened("lab")
    picker = field(app, "Data")
    assert picker.value == "digits-5k"
    picker.set_value("kmnist").run()
    assert button(app, "Start training").disabled
    assert "python -m gan_core download kmnist" in app.code[0].value


def test_breaking_starts_the_broken_one_and_its_cure(submitted: list[tuple[RunConfig, str]]) -> None:
    app = opened("lab")
    assert all(f"#### {b.title}" in said(app) for b in demonstrations.BREAKS.values())
    app.button(key="break-rate-sine").click().run()
    assert not app.exception
    (broken, first), (cure, second) = submitted
    preset = demonstrations.BREAKS["rate-sine"]
    assert (broken, cure) == (preset.broken(broken.data, 0), preset.cure(broken.data, 0))
    assert (first, second) == (f"{preset.title}: broken", f"{preset.title}: cured")
    assert [runs.find(name).name for name in app.query_params["pair"].split(",")] == [first, second]


@pytest.mark.parametrize("name", demonstrations.BREAKS)
def test_what_is_started_on_purpose_could_be_asked_for_in_the_form(name: str) -> None:
    preset = demonstrations.BREAKS[name]
    data = "digits-5k" if VARIANTS[preset.variant].kind == "images" else VARIANTS[preset.variant].data
    for config in (preset.broken(data, 0), preset.cure(data, 0)):
        assert checked(config) == config
