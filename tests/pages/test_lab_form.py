"""The form of the training lab, run without a browser: what is chosen is what trains, and what cannot train says why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig, checked, configure
from gan_core.gans.objectives import OBJECTIVES
from gan_core.gans.variants import QUICK, VARIANTS
from gan_core.health import demonstrations
from gan_core.runs import Run
from gan_core.storage import atomic
from tests.pages.app import button, opened, own, pictures, said


def test_lab_starts_what_was_chosen(submitted: list[tuple[RunConfig, str]]) -> None:
    app = opened("lab", variant="wgan-gp", recipe="published")
    assert VARIANTS["wgan-gp"].differs[0] in said(app)
    app.selectbox(key="data-images-mnist").set_value("digits-5k")
    app.segmented_control(key="budget").set_value("steps").run()
    app.number_input(key="steps-wgan-gp-published").set_value(1234)
    app.number_input(key="training_seed").set_value(7)
    button(app, "Start training").click().run()
    assert not app.exception
    ((config, _),) = submitted
    assert (config.variant, config.recipe, config.data, config.steps, config.seed) == ("wgan-gp", "published", "digits-5k", 1234, 7)
    assert config.settings == VARIANTS["wgan-gp"].recipes["published"]
    (run,) = runs.own()
    assert app.query_params["run"] == run.id
    assert app.title[0].value == "WGAN-GP, published recipe"
    assert "Waiting" in said(app)
    assert "Number 1 in the queue." in said(app)


@pytest.mark.parametrize("recipe", ["stable", "published"])
def test_lab_folds_what_the_recipe_makes_of_its_source(recipe: str) -> None:
    wgan = VARIANTS["wgan-gp"]
    app = opened("lab", variant="wgan-gp", recipe=recipe)
    (fold,) = [e for e in app.expander if e.label.startswith("Source")]
    words = [m.value for m in fold.markdown]
    assert words[0] == wgan.source
    assert words[1:] == [f"- {part}" for part in (wgan.stable if recipe == "stable" else wgan.differs)]


def test_lab_offers_the_quick_one_for_a_short_while() -> None:
    app = opened("lab")
    assert VARIANTS[QUICK].idea in said(app)
    assert next(n for n in app.number_input if n.label == "Seconds of training").value == 20
    assert next(n for n in opened("lab", variant="dcgan").number_input if n.label == "Seconds of training").value == 60


def test_a_card_chooses_the_variant(trained: dict[str, Path], shipped_folder: Path) -> None:
    shutil.copytree(trained["gan"], shipped_folder / "gan-stable")
    app = opened("lab")
    assert "1.1 M weights" in said(app)
    assert 'alt="Samples of GAN"' in pictures(app)[0]
    button(app, "SSGAN").click().run()
    assert app.query_params["variant"] == "ssgan"
    assert VARIANTS["ssgan"].idea in said(app)


def test_the_forecast_says_only_what_was_measured(trained: dict[str, Path], shipped_folder: Path) -> None:
    app = opened("lab", variant="gan")
    assert "not measured here yet" in said(app)
    assert "No run of this recipe comes with the project" in said(app)
    known = Run(shutil.copytree(trained["gan"], shipped_folder / "gan-stable"))
    known.probes_path.unlink()
    known.append_probe(4, 1.0, {"digits_covered": 10.0, "coverage1k": 0.25}, {})
    before = own(trained, "gan")
    usual = configure("gan", steps=6)
    atomic.write(before.config_path, usual.model_dump_json().encode())
    before.write_status(step=3000, seconds=10.0)
    app = opened("lab", variant="gan")
    assert "About 18,000 steps, at 300 steps/s as measured here." in said(app)
    assert "drew all ten digits from about step 4 on." in said(app)
    assert "By step 4 its samples covered 25% of the real digits." in said(app)
    assert "300 steps/s here" in said(app)
    app.selectbox(key="average-gan-stable").set_value(0.0).run()
    assert "Changed: moving average." in said(app)
    assert "expect something else" in said(app)


def test_advanced_settings_arrive_and_what_cannot_work_is_refused(submitted: list[tuple[RunConfig, str]]) -> None:
    app = opened("lab", variant="dcgan", recipe="published")
    objective = app.selectbox(key="objective-dcgan-published")
    assert not [o for o in objective.options if "gradient penalty" in o], "batch norm in D"
    assert "batch norm" in said(app)
    objective.set_value("wasserstein")
    app.select_slider(key="lr-D-dcgan-published").set_value(3e-4)
    app.select_slider(key="batch-dcgan-published").set_value(128)
    app.number_input(key="d-steps-dcgan-published").set_value(3)
    app.segmented_control(key="precision-dcgan-published").set_value("bfloat16").run()
    assert not app.error
    button(app, "Start training").click().run()
    ((config, _),) = submitted
    settings = config.settings
    assert (settings.objective.kind, settings.D.lr, settings.G.lr, settings.batch, settings.d_steps) == ("wasserstein", 3e-4, 1e-3, 128, 3)
    assert config.precision == "bfloat16"

    app = opened("lab", variant="gan-bn", recipe="published")
    app.selectbox(key="objective-gan-bn-published").set_value("saturating").run()
    assert not button(app, "Start training").disabled


def test_networks_are_chosen_apart_from_the_recipe(submitted: list[tuple[RunConfig, str]]) -> None:
    app = opened("lab", variant="dcgan", recipe="published")
    app.selectbox(key="networks-dcgan-published").set_value("stable").run()
    assert "Changed: networks." in said(app)
    button(app, "Start training").click().run()
    ((config, _),) = submitted
    assert (config.recipe, config.networks, config.changed) == ("published", "stable", ("networks",))

    app = opened("lab", variant="dcgan", recipe="stable")
    app.selectbox(key="networks-dcgan-stable").set_value("published").run()
    assert "batch norm" in app.error[0].value
    assert button(app, "Start training").disabled


def test_what_cannot_train_says_so_in_place_of_the_button(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    config = configure("dcgan", "published")
    bad = config.model_copy(update={"settings": config.settings.model_copy(update={"objective": OBJECTIVES["wasserstein-gp"].usual()})})
    app = opened("lab", variant="dcgan", recipe="published")
    app.session_state["draft"] = (1, bad)
    app.run()
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
    picker = app.selectbox(key="data-images-mnist")
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
    assert [s.value for s in app.subheader] == [first, second]
    assert len(app.query_params["pair"].split(",")) == 2


@pytest.mark.parametrize("name", demonstrations.BREAKS)
def test_what_is_started_on_purpose_could_be_asked_for_in_the_form(name: str) -> None:
    preset = demonstrations.BREAKS[name]
    data = "digits-5k" if VARIANTS[preset.variant].kind == "images" else VARIANTS[preset.variant].data
    for config in (preset.broken(data, 0), preset.cure(data, 0)):
        assert checked(config) == config
