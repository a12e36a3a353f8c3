"""Every page, run without a browser: what it shows, and what it says to bad addresses and missing runs."""

from __future__ import annotations

import base64
import gc
import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.export import browser
from gan_core.gans.config import RunConfig, checked, configure
from gan_core.gans.objectives import OBJECTIVES
from gan_core.gans.variants import QUICK, VARIANTS
from gan_core.health import demonstrations, reading
from gan_core.health.remedies import Remedy
from gan_core.health.rules import Health
from gan_core.runs import Run
from gan_core.storage import atomic, liveness
from gan_core.trained import directions, paths
from pages.compare import results
from pages.latent_space.explorer import codec
from pages.latent_space.tools import tabs
from pages.shared import history, models, run_picker
from pages.training_lab.run import time_machine as machine
from tests.pages.app import ROOT, button, charts, opened, own, page_links, pictures, said

# home


def test_home_shows_every_variant_and_imports_no_torch() -> None:
    code = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
assert not app.exception, app.exception
assert "torch" not in sys.modules, "torch was imported"
print(*(m.value for m in app.markdown), sep="\\n")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for variant in VARIANTS.values():
        assert f"#### {variant.title} " in done.stdout
        assert variant.idea in done.stdout


def test_home_draws_shipped_samples_and_admits_what_is_missing(trained: dict[str, Path], shipped_folder: Path) -> None:
    for name in ("gan", "sine-mlp"):
        shutil.copytree(trained[name], shipped_folder / f"{name}-stable")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    drawn = pictures(app)
    assert len(drawn) == 2
    assert "data:image/png" in drawn[0]
    assert 'alt="Samples of GAN after 6 steps"' in drawn[0]
    assert "data:image/svg+xml" in drawn[1]
    assert len(app.info) == len(VARIANTS) - 2
    there = page_links(app)
    assert ("Explore", "run=gan-stable") in there
    assert {f"variant={name}" for name in VARIANTS} == {query for label, query in there if label == "Train it"}
    assert app.get("latex") or "\\min" in said(app)


def test_a_damaged_sample_leaves_the_gallery_standing(trained: dict[str, Path], shipped_folder: Path) -> None:
    shutil.copytree(trained["sine-mlp"], shipped_folder / "sine-mlp-stable")
    Run(shipped_folder / "sine-mlp-stable").samples[-1].file.write_text("not JSON")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert len(app.info) == len(VARIANTS)


# lab


def labels(app: AppTest) -> list[str]:
    return [b.label for b in app.button]


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[RunConfig, str]]:
    """What was put into the queue, with its title; nothing trains."""
    asked: list[tuple[RunConfig, str]] = []

    def submit(config: RunConfig, *, owner: str = "", title: str = "") -> Run:
        assert owner
        asked.append((config, title))
        return runs.new(config, about=runs.RunLabel(owner=owner, title=title), state="queued", queued=1.0 + len(asked))

    monkeypatch.setattr(jobs, "submit", submit)
    monkeypatch.setattr(jobs, "dispatch", lambda: None)
    return asked


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


def test_lab_shows_a_run(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("lab", run=run.id)
    assert app.title[0].value == "GAN, stable recipe"
    assert "Finished" in said(app)
    assert [m.value for m in app.metric if m.label == "Images seen"] == ["48"]
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


def time_machine(app: AppTest) -> dict[str, Any]:
    """What the time machine was sent."""
    return next(json.loads(c) for c in charts(app) if '"frames"' in c)


def test_the_time_machine_is_sent_what_it_lacks(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    steps = [grid.step for grid in run.samples]
    app = opened("lab", run=run.id)
    sent = time_machine(app)
    assert sent["steps"] == steps
    assert sent["frames"][0]["step"] == steps[-1], "the newest first"
    assert sorted(f["step"] for f in sent["frames"]) == steps[: machine.FRAMES]
    assert base64.b64decode(sent["frames"][0]["png"]) == run.samples[-1].read()
    assert [p["step"] for p in sent["probes"]] == sent["probed"] == [p["step"] for p in run.probes]
    assert {"real", "fake", "held_out"} & set(sent["probes"][-1]["scores"])
    records = {r["step"]: r["D(G(z))"] for r in run.records()[0]}
    assert sent["given"][steps.index(4)] == records[4]

    app.session_state[f"machine-{run.id}"] = {"have": {"frames": steps[:-1], "probes": sent["probed"]}}
    app.run()
    again = time_machine(app)
    assert [f["step"] for f in again["frames"]] == steps[-1:]
    assert again["probes"] == []
    assert again["known"] == [len(steps) - 1, sum(steps[:-1]), len(sent["probed"]), sum(sent["probed"])]


def test_a_critic_is_not_called_a_probability(trained: dict[str, Path]) -> None:
    app = opened("lab", run=own(trained, "wgan").id)
    assert "not a probability" in said(app)
    assert "Probability of" not in said(app)
    assert chart(app, "D(x), real")["line"] is None
    assert not time_machine(app)["probable"]


def test_lab_shows_curves_over_real_ones(trained: dict[str, Path]) -> None:
    sent = time_machine(opened("lab", run=own(trained, "sine-mlp").id))
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


def test_curves_follow_a_file_that_is_rewritten(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    seen = history.of(run)
    assert seen.curve("D/loss")[0] == [1, 2, 3, 4, 5, 6]
    run.append_records([{"step": 7, "seconds": 1.0, "D/loss": 0.5}, {"step": 8, "seconds": 1.0, "D/loss": float("nan")}])
    assert history.of(run).curve("D/loss")[0][-1] == 7, "what is no number is not drawn"
    run.forget_after(3)
    run.append_records([{"step": step, "seconds": 1.0, "D/loss": 0.25} for step in range(4, 9)])
    steps, values = history.of(run).curve("D/loss")
    assert steps == list(range(1, 9))
    assert values[3:] == [0.25] * 5


def test_curves_are_thinned_to_means() -> None:
    run = runs.new(configure("gan", steps=10))
    run.append_records([{"step": step, "D/loss": float(step % 2)} for step in range(1, 4001)])
    steps, values = history.of(run).curve("D/loss")
    assert len(steps) == history.POINTS
    assert steps[-1] == 4000
    assert set(values) == {0.5}
    run.append_records([{"step": step, "D/loss": 0.5} for step in range(4001, 40_001)])
    assert len(history.of(run).records) <= history.KEPT, "a training of hours does not fill the server's memory"
    steps, values = history.of(run).curve("D/loss")
    assert steps[-1] == 40_000
    assert set(values) == {0.5}


# explore


def handed(app: AppTest) -> dict[str, Any]:
    """What the explorer was given."""
    (found,) = [e.proto for e in app.get("bidi_component") if e.proto.component_name.endswith("gan_atelier_explorer")]
    return json.loads(found.json)


def numbers(text: str) -> list[float]:
    """Numbers on their way to the page."""
    return np.frombuffer(base64.b64decode(text), "<f4").tolist()


def rested(app: AppTest, **point: Any) -> str:
    """The words on the page after the hand has rested there."""
    app.session_state["explorer"] = {"point": point}
    app.run()
    assert not app.exception
    return said(app)


def test_latent_hands_the_generator_over_and_hears_where_the_hand_rests(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("latent", run=run.id, seed="5")
    model = models.opened(run)
    (generator,) = [e.proto.bytes for e in app.get("bidi_component") if e.proto.component_name.endswith("gan_atelier_generator")]
    assert len(generator) > 100 * 128 + 128 * 784
    data = handed(app)
    assert data["name"].encode() in generator
    assert [numbers(data["drawn"][s]) for s in ("5", "6", "7")] == [model.latents(1, s)[0].tolist() for s in (5, 6, 7)]
    assert data["place"] == ""
    assert not app.slider, "they are in the browser"
    assert models.opinion(model, model.sample(1, seed=5), None) in said(app)

    elsewhere = (z[None] for z in model.latents(200, 7) if models.opinion(model, model.generate(z[None]), None) not in said(app))
    z = next(elsewhere)
    there, z = models.opinion(model, model.generate(z), None), z[0].tolist()
    point = {"owner": data["owner"], "code": "m0.50", "z": z, "y": None}
    assert there in rested(app, **point)
    assert handed(app) == data, "the same message: nothing is sent again"
    for bad in ({"owner": "x"}, {"z": z[:99]}, {"z": [float("nan")] * 100}, {"z": "soup"}, {"z": None}, {"z": [True, None] * 50}):
        assert there not in rested(app, **(point | bad)), bad
    edge = models.opinion(model, model.generate(torch.ones(1, 100)), None)
    assert edge in rested(app, **(point | {"z": [9.0] * 100})), "beyond the prior's ends there is nothing"


def test_latent_asks_for_classes_and_blends(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    app = opened("latent", run=run.id, seed="5", digit="3")
    assert handed(app)["digit"] == 3
    assert "all asked for 3" in said(app)
    z = numbers(handed(app)["drawn"]["5"])
    shares = [0.0, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.6, 0.0, 0.0]
    point = {"owner": handed(app)["owner"], "code": "c1.7.60", "z": z, "y": shares}
    assert "all asked for 7" in rested(app, **point)
    for bad in (None, shares[:9], [-1.0, 2.0] + [0.0] * 8, [0.0] * 10, "soup"):
        assert "all asked for 3" in rested(app, **(point | {"y": bad})), bad
    one, two, other = (pictures(opened("latent", run=run.id, seed=s, digit="3"))[0] for s in ("5", "5", "6"))
    assert one == two != other


def test_latent_keeps_the_place_where_it_means_the_same(trained: dict[str, Path]) -> None:
    run, same, other = own(trained, "gan"), own(trained, "cgan"), own(trained, "sine-mlp")
    app = opened("latent", run=run.id, seed="4", place="p100.0")
    assert handed(app)["place"] == "p100.0"
    point = {"owner": handed(app)["owner"], "code": "p250.300", "z": [0.1] * 100, "y": None}
    for there, wanted in ((same, "p250.300"), (other, "")):
        app.session_state["explorer"] = {"point": point}
        app.query_params["run"] = there.id
        app.run()
        assert handed(app)["run"] == there.id
        assert handed(app)["place"] == wanted
    app.session_state["explorer"] = {"point": point}
    app.query_params["run"] = run.id
    app.run()
    app.session_state["explorer"] = {"point": point}
    app.number_input(key="seed").set_value(5).run()
    assert handed(app)["seed"] == 5
    assert handed(app)["place"] == "", "a new seed stands where it was drawn"


def test_latent_hears_of_pins_and_sends_the_hand_elsewhere(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    model = models.opened(run)
    y = [0.0] * 9 + [1.0]
    kept = [{"z": model.latents(1, 9)[0].tolist(), "y": y}, {"z": "soup", "y": y}, "soup"]
    app = opened("latent", run=run.id, around="A − B + C")
    for owner, wanted in ((run.id, ["this sample", "pin 1", "a seed"]), ("another", ["this sample", "a seed"])):
        app.session_state["explorer"] = {"pins": {"run": owner, "pins": kept}}
        app.run()
        assert app.selectbox(key="arithmetic-1").options == wanted
    next(b for b in app.button if b.label == "Go on from here").click().run()
    assert not app.exception
    data = handed(app)
    assert data["turn"] == 1
    assert data["place"].startswith("aZ")
    z = paths.arithmetic(model.prior, *(model.latents(1, s) for s in (0, 1, 2)))[0].numpy()
    assert data["place"].endswith(f"{codec.code(z)}.1.2_c0.1.0")


@pytest.mark.parametrize("view", [tabs.MORE, *tabs.TITLES])
@pytest.mark.parametrize("name", ["cgan", "sine-mlp", "wgan"])
def test_every_view_of_latent_opens(trained: dict[str, Path], name: str, view: str) -> None:
    app = opened("latent", run=own(trained, name).id, around=view)
    assert not app.error


def test_latent_draws_the_seeds_that_the_page_asks_for(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("latent", run=run.id, place="a0.77.78_p100.200")
    assert handed(app)["place"] == "a0.77.78_p100.200"
    app.session_state["explorer"] = {"want": [77, 78, -1, "x", 2**40]}
    app.run()
    assert list(handed(app)["drawn"]) == ["0", "1", "2", "77", "78"]
    assert numbers(handed(app)["drawn"]["77"]) == models.opened(run).latents(1, 77)[0].tolist()


def test_latent_shows_directions_where_they_are_known(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    before = handed(opened("latent", run=run.id))
    assert not before["directions"]
    assert sorted(before["order"]) == list(range(100))
    directions.write(run, fitted=60)
    data = handed(opened("latent", run=run.id))
    assert len([d for d in data["directions"] if d["name"].startswith("SeFa")]) == 10
    assert all(len(numbers(d["vector"])) == 100 and "correlation" in d["quality"] for d in data["directions"])
    run.directions_path.write_bytes(b"soup")
    assert "safetensors" in handed(opened("latent", run=run.id))["about_directions"]


def test_latent_puts_other_generators_beside_where_priors_agree(trained: dict[str, Path]) -> None:
    run, cgan = own(trained, "gan"), own(trained, "cgan")
    sine = own(trained, "sine-mlp")
    app = opened("latent", run=run.id, beside=f"{cgan.id},{sine.id},nobody")
    data = handed(app)
    assert [other["run"] for other in data["agreeing"]].count(cgan.id) == 1
    assert sine.id not in [other["run"] for other in data["agreeing"]]
    assert [other["run"] for other in data["others"]] == [cgan.id]


def test_where_the_browser_cannot_latent_has_sliders_of_the_server(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("latent", run=run.id)
    app.session_state["explorer"] = {"broken": {"owner": handed(app)["owner"], "why": "no typed arrays"}}
    app.run()
    assert "no typed arrays" in app.warning[0].value
    first = pictures(app)[0]
    assert len(app.slider) == 8
    assert (app.slider[0].min, app.slider[0].max) == (-1.0, 1.0)
    assert "U(-1, 1)^100" in said(app)
    app.slider[0].set_value(1.0)
    app.slider[1].set_value(-1.0).run()
    moved = pictures(app)[0]
    assert moved != first
    app.selectbox(key=f"page-{run.id}").set_value(8).run()
    assert pictures(app)[0] == moved, "what was moved stays when other coordinates are shown"
    next(b for b in app.button if b.label == "Reset").click().run()
    assert pictures(app)[0] == first


def test_a_generator_that_cannot_be_handed_over_runs_on_the_server(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = own(trained, "sine-mlp")
    monkeypatch.setattr(browser, "DENSE_LAYERS", ())  # as if its generator were of a kind that portable does not know
    app = opened("latent", run=run.id)
    assert "cannot run" in app.warning[0].value
    assert "The server does it" in app.warning[0].value
    assert len(app.slider) == 5
    assert (app.slider[0].min, app.slider[0].max) == (-3.0, 3.0)
    assert len(charts(app)) == 2
    assert not pictures(app)


def test_latent_shows_curves(trained: dict[str, Path]) -> None:
    app = opened("latent", run=own(trained, "sine-mlp").id)
    data = handed(app)
    assert data["kind"] == "curves"
    assert data["real"]
    assert data["span"][0] < min(min(y) for y in data["real"])
    assert not pictures(app)


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
    assert app.segmented_control(key="recipe").value == "stable"


def test_a_broken_checkpoint_is_a_sentence(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    assert run.weights
    run.weights.write_bytes(b"not a checkpoint")
    app = opened("latent", run=run.id)
    assert len(app.error) == 1
    assert not app.slider


# compare


def compared(trained: dict[str, Path], *names: str, **query: str) -> tuple[list[Run], AppTest]:
    """The compare page with runs of these variants side by side."""
    chosen = [own(trained, name) for name in names]
    return chosen, opened("compare", runs=",".join(run.id for run in chosen), **query)


def test_the_table_shows_every_run_and_what_is_missing_as_missing(trained: dict[str, Path], shipped_folder: Path) -> None:
    evaluated = Run(shutil.copytree(trained["cgan"], shipped_folder / "cgan-stable"))
    evaluated.evaluation_path.write_text(json.dumps({"step": 6, "fid10k_over_floor": 4.25, "recall10k": 0.0, "class_accuracy": 0.998}))
    bare = own(trained, "sine-mlp")
    empty = runs.new(configure("gan", steps=5))
    empty.status_path.write_text("torn")
    app = opened("compare")
    table = app.dataframe[0].value.set_index("run")
    assert set(table.index) == {"cgan-stable", bare.id, empty.id}
    shown = table.loc["cgan-stable"]
    assert (shown["fid10k / floor"], shown["recall"], shown["class accuracy"], shown["steps"]) == (4.25, 0.0, 0.998, 6)
    assert shown["GAN"] == "CGAN"
    for heading in ("fid10k / floor", "precision", "recall", "coverage", "class accuracy", "memorised", "evaluated at"):
        assert table[heading].isna()[bare.id], heading
    for heading in ("G parameters", "D parameters", "steps", "seconds", "device"):
        assert table[heading].isna()[empty.id], heading
        assert not table[heading].isna()[bare.id], heading
    assert app.dataframe[0].proto.alt == "What 3 runs are worth, 1 of them evaluated"
    header, *lines = results.as_frame([evaluated, bare]).to_csv(index=False).splitlines()
    assert header.split(",")[:4] == ["GAN", "recipe", "fid10k / floor", "precision"]
    assert lines[0].startswith("CGAN,stable,4.25,,0.0,,0.998,")
    assert lines[1].startswith('"Sine, dense",stable,,,,,,')


def test_quality_over_steps_and_why_the_published_recipe_degenerates(trained: dict[str, Path], shipped_folder: Path) -> None:
    for name in ("cgan-published", "cgan-stable"):
        shutil.copytree(Path(__file__).parents[2] / "checkpoints" / name, shipped_folder / name)
    app = opened("compare", runs="cgan-stable,cgan-published")
    (quality,) = [menu for menu in app.selectbox if menu.label == "Quality"]
    assert quality.options[0] == "distance to real digits (kid1k)"
    (fold,) = [fold for fold in app.expander if fold.label.startswith("Why do the published")]
    told = fold.dataframe[0].value.set_index("run")
    early, late = (float(part) for part in told.loc["CGAN, published", "D's margin, early → late"].split(" → "))
    assert early > 2
    assert late > 2 * early, "D of the published recipe wins ever more"
    assert told.loc["CGAN, stable", "dead gradients"] == "0% → 0%"
    (own_one,) = [own(trained, "gan")]
    assert not [fold for fold in opened("compare", runs=f"cgan-stable,{own_one.id}").expander if fold.label.startswith("Why do")]


def test_the_same_z_for_runs_of_one_prior(trained: dict[str, Path], shipped_folder: Path) -> None:
    shutil.copytree(trained["gan"], shipped_folder / "gan-stable")
    (own_one,) = [own(trained, "gan")]
    app = opened("compare", runs=f"gan-stable,{own_one.id}", seed="3")
    assert "The same z for all, drawn from U(-1, 1)^100 with seed 3" in said(app)
    assert not app.info
    one, two = pictures(app)
    assert one.split('"')[1] == two.split('"')[1], "the same networks make the same pictures of the same z"
    assert one != pictures(opened("compare", runs=f"gan-stable,{own_one.id}", seed="4"))[0]
    assert "GAN, stable" in said(app)
    assert f"GAN, stable, {own_one.id[-4:]}" in said(app)


def test_priors_that_differ_are_admitted(trained: dict[str, Path]) -> None:
    (gan, sine), app = compared(trained, "gan", "sine-mlp")
    assert "Their priors differ" in app.info[0].value
    assert f"U(-1, 1)^100 for {run_picker.brief(gan)}; N(0, 1)^5 for {run_picker.brief(sine)}" in app.info[0].value
    assert len(pictures(app)) == 1
    assert "16 curves" in charts(app)[1]


def test_conditional_ones_draw_the_same_digits(trained: dict[str, Path]) -> None:
    (cgan, _), app = compared(trained, "cgan", "gan")
    first = pictures(app)[0]
    assert "a column for each class" in first
    assert "A column for each digit" in said(app)
    model = models.opened(cgan)
    z = model.latents(40, 0)
    drawn = models.mosaic(model, model.generate(z, models.classes(list(range(10)) * 4, 40)), 10)
    assert models.grid(cgan, 0, 40, 10, tuple(range(10)) * 4) == drawn


def test_verdicts_are_said_of_real_data_too_where_it_is_here(
    trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (_, wgan), app = compared(trained, "gan", "wgan")
    gan_chart, wgan_chart = [c for c in charts(app) if "What D of" in c]
    assert "of real data 0." in gan_chart
    assert "of its own samples 0." in gan_chart
    assert "no probability" in wgan_chart
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "nothing"))
    atomic.write(wgan.config_path, wgan.config.model_copy(update={"data": "mnist"}).model_dump_json().encode())
    models._verdicts.clear()
    models.loaded.clear()
    app = opened("compare", runs=",".join(run.id for run in runs.own()))
    assert "MNIST is not on this machine, so D cannot be asked about real data." in said(app)


def test_losses_lie_over_one_another_on_the_axis_of_choice(trained: dict[str, Path]) -> None:
    (gan, wgan), app = compared(trained, "gan", "wgan")
    assert "not comparable" in app.warning[0].value
    assert "non-saturating, wasserstein" in app.warning[0].value
    loss = json.loads(next(c for c in charts(app) if "D/loss" in c))
    assert [t["name"] for t in loss["traces"]] == [run_picker.brief(gan), run_picker.brief(wgan)]
    assert loss["xs"] == [[1, 2, 3, 4, 5, 6]]
    app.segmented_control(key="over").set_value("samples seen").run()
    loss = json.loads(next(c for c in charts(app) if "D/loss" in c))
    assert loss["xs"][0] == [8, 16, 24, 32, 40, 48]
    batches = wgan.config.settings.d_steps
    assert batches > 1
    assert loss["xs"][1] == [8 * batches * step for step in range(1, 7)], "WGAN's D sees several batches a step"
    app.segmented_control(key="over").set_value("seconds").run()
    loss = json.loads(next(c for c in charts(app) if "D/loss" in c))
    assert loss["xs"][0] == [r["seconds"] for r in gan.records()[0]]
    assert "Probability of" in said(app)
    assert "No probability" in said(app)


def test_one_objective_is_not_comparable_across_opponents_either(trained: dict[str, Path]) -> None:
    _, app = compared(trained, "gan", "cgan")
    assert not app.warning
    assert "lower is not better" in said(app)


def test_the_address_follows_the_choice(trained: dict[str, Path]) -> None:
    for name in ("gan", "cgan", "wgan"):
        own(trained, name)
    app = opened("compare")
    menu = app.multiselect(key="several")
    assert app.query_params["runs"] == ",".join(menu.value)
    wanted = [run.id for run in reversed(runs.own())]
    menu.set_value(wanted).run()
    assert app.query_params["runs"] == ",".join(wanted)
    assert len(pictures(app)) == 3
    assert opened("compare", runs=",".join(wanted)).multiselect(key="several").value == wanted
    app.multiselect(key="several").set_value([]).run()
    assert "at least two" in app.info[0].value
    assert not app.multiselect(key="several").value, "what was cleared stays cleared"


@pytest.mark.parametrize("name", ["nothing-of-this-name", "../../etc", "/etc", "..", "a\x00b", "<b>x</b>"])
def test_bad_runs_in_the_address_are_sentences_and_the_others_stay(trained: dict[str, Path], name: str) -> None:
    one, two = own(trained, "gan"), own(trained, "wgan")
    app = opened("compare", runs=f"{one.id},{name},{two.id},{one.id}")
    assert len(app.error) == 1
    assert "list" in app.error[0].value
    assert app.multiselect(key="several").value == [one.id, two.id]


def test_more_than_four_are_cut_and_a_run_without_weights_is_not_shown(trained: dict[str, Path]) -> None:
    ids = [own(trained, name).id for name in trained]
    new = runs.new(configure("gan", steps=5))
    other = Run(shutil.copytree(trained["gan"], runs.own_folder() / "gan-again"))
    app = opened("compare", runs=",".join([new.id, *ids, other.id]))
    assert app.multiselect(key="several").value == ids[:4]
    assert any("no weights" in w.value for w in app.warning)
    assert any("At most 4" in w.value for w in app.warning)


def test_a_broken_checkpoint_leaves_the_other_standing(trained: dict[str, Path]) -> None:
    broken, fine = own(trained, "gan"), own(trained, "cgan")
    assert broken.weights
    broken.weights.write_bytes(b"not a checkpoint")
    app = opened("compare", runs=f"{broken.id},{fine.id}")
    assert len(app.error) == 1
    assert len(pictures(app)) == 1
    assert app.dataframe[0].value.set_index("run")["G parameters"].isna()[broken.id]


def test_without_runs_compare_says_what_to_do() -> None:
    app = opened("compare")
    assert len(app.info) == 1
    assert page_links(app) == [("Train one", "")]


def test_a_run_is_evaluated_from_the_page(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    sine = own(trained, "sine-mlp")
    asked: list[Run] = []
    monkeypatch.setattr(jobs, "evaluate", asked.append)
    app = opened("compare")
    assert app.selectbox(key="unevaluated").options == [sine.title]
    next(b for b in app.button if b.label == "Evaluate").click().run()
    assert [run.id for run in asked] == [sine.id]
    sine.evaluation_path.write_text('{"step": 6, "sine_rmse": 0.25}')
    app.run()
    assert app.dataframe[0].value["sine RMSE"].tolist() == [0.25]
    assert "Every run here that can be has been evaluated." in said(app)
    sine.evaluation_path.write_text('{"step": 5, "sine_rmse": 0.25}')
    assert opened("compare").selectbox(key="unevaluated").options == [sine.title], "an evaluation of an earlier step is not enough"


def test_without_mnist_digits_are_not_evaluated_and_it_says_why(
    trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "nothing"))
    own(trained, "gan")
    app = opened("compare")
    assert next(b for b in app.button if b.label == "Evaluate").disabled
    assert "python -m gan_core download mnist" in said(app)


def test_an_evaluation_that_failed_or_cannot_start_is_a_sentence(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    sine = own(trained, "sine-mlp")
    sine.evaluation_task.prepare()
    sine.evaluation_task.started(2**22 + 1)  # no process has that number
    sine.evaluation_task.log_path.write_text("Traceback\nMemoryError: no more\n")
    app = opened("compare")
    assert "It printed last: MemoryError: no more" in app.error[0].value

    def refuse(_: Run) -> None:
        raise AtelierError("Not today.")

    monkeypatch.setattr(jobs, "evaluate", refuse)
    next(b for b in app.button if b.label == "Evaluate").click().run()
    assert app.error[-1].value == "Not today."


def test_an_evaluation_at_work_is_followed(trained: dict[str, Path]) -> None:
    sine = own(trained, "sine-mlp")
    sine.evaluation_task.prepare()
    liveness.hold(sine.evaluation_task.alive_path)
    sine.evaluation_task.log_path.write_text("the judge looks\n")
    app = opened("compare")
    assert f"Evaluating {run_picker.brief(sine)}" in app.status[0].label
    assert "the judge looks" in app.status[0].label
    assert not [b for b in app.button if b.label == "Evaluate"]


# the server


def test_heavy_imports_are_frozen() -> None:
    """Garbage collection after each rerun must not walk over torch: 459 ms a rerun without this, 17 with it."""
    from pages import startup

    startup.warm()
    assert startup.warmed.is_set()
    assert "torch" in sys.modules
    assert gc.get_freeze_count() > 100_000


def test_what_a_page_imports_later_is_frozen_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pages import startup

    (tmp_path / "a_late_module.py").write_text("KEPT = [{'a': []} for _ in range(5000)]\n")
    monkeypatch.syspath_prepend(tmp_path)
    startup.settle()
    importlib.import_module("a_late_module")
    before = gc.get_freeze_count()
    startup.settle()
    assert gc.get_freeze_count() > before + 5000
    walked = len(gc.get_objects())
    kept = [{"a": []} for _ in range(5000)]
    startup.settle()
    assert len(gc.get_objects()) > walked + 5000, "what is not imported stays collectable"
    assert kept
