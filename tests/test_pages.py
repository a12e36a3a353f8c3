"""Every page, run without a browser: what it shows, and what it says to bad addresses and missing runs."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs
from gan_core.config import RunConfig, configure
from gan_core.errors import AtelierError
from gan_core.recorder import work
from gan_core.runs import Run
from gan_core.variants import VARIANTS
from pages.parts import choose, history, models, worth

ROOT = Path(__file__).parents[1]
PAGES = {
    "home": "pages/learn/home.py",
    "lab": "pages/train/lab.py",
    "latent": "pages/explore/latent.py",
    "digits": "pages/explore/digits.py",
    "compare": "pages/compare/runs.py",
}


@pytest.fixture(autouse=True)
def shipped_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No shipped runs, unless a test makes some: what the pages show must not depend on what lies in checkpoints/."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setattr(runs, "SHIPPED", folder)
    return folder


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of runs of a few steps, one for each kind of page content."""
    parent = tmp_path_factory.mktemp("trained")
    folders = {}
    for name in ("gan", "cgan", "wgan", "sine-mlp"):
        config = configure(name, steps=6, log_every=1)
        settings = config.settings.model_copy(update={"batch": 8})
        run = runs.new(config.model_copy(update={"settings": settings}), parent)
        for _ in work(run):
            pass
        folders[name] = run.folder
    return folders


def own(trained: dict[str, Path], name: str) -> Run:
    """The trained run of that variant, among the runs trained here."""
    return Run(shutil.copytree(trained[name], runs.own_folder() / trained[name].name))


def opened(page: str, **query: str) -> AppTest:
    """The app, standing on a page."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(PAGES[page]).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All the words on the page."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def pictures(app: AppTest) -> list[str]:
    """The HTML of the pictures on the page."""
    return [element.proto.body for element in app.get("html")]


def links(app: AppTest) -> list[tuple[str, str]]:
    """Label and query of the links to pages."""
    return [(element.proto.label, element.proto.query_string) for element in app.get("page_link")]


def charts(app: AppTest) -> list[str]:
    """What the charts tell somebody who cannot see them, in JSON among their data."""
    return [element.proto.json for element in app.get("bidi_component")]


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
    there = links(app)
    assert ("Explore", "run=gan-stable") in there
    assert {f"variant={name}" for name in VARIANTS} == {query for label, query in there if label == "Train it"}
    assert app.get("latex") or "\\min" in said(app)


def test_a_damaged_sample_leaves_the_gallery_standing(trained: dict[str, Path], shipped_folder: Path) -> None:
    shutil.copytree(trained["sine-mlp"], shipped_folder / "sine-mlp-stable")
    Run(shipped_folder / "sine-mlp-stable").samples[-1][1].write_text("not JSON")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert len(app.info) == len(VARIANTS)


# lab


def test_lab_starts_what_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[RunConfig] = []

    def start(config: RunConfig) -> Run:
        started.append(config)
        return runs.new(config)

    monkeypatch.setattr(jobs, "start", start)
    app = opened("lab", variant="wgan-gp", recipe="published")
    assert app.selectbox(key="variant").value == "wgan-gp"
    assert VARIANTS["wgan-gp"].differs[0] in said(app)
    app.selectbox(key="data-images-mnist").set_value("digits-5k")
    app.segmented_control(key="budget").set_value("steps").run()
    app.number_input(key="steps-wgan-gp-published").set_value(1234)
    app.number_input(key="training_seed").set_value(7)
    next(b for b in app.button if b.label == "Start training").click().run()
    assert not app.exception
    (config,) = started
    assert (config.variant, config.recipe, config.data, config.steps, config.seed) == ("wgan-gp", "published", "digits-5k", 1234, 7)
    (run,) = runs.own()
    assert app.query_params["run"] == run.id
    assert app.title[0].value == "WGAN-GP, published recipe"
    assert "Starting" in said(app)


def test_lab_says_why_it_cannot_start(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(jobs.LIMIT_VARIABLE, "1")
    own(trained, "gan").write_status(state="running", **runs.this_process())
    app = opened("lab")
    next(b for b in app.button if b.label == "Start training").click().run()
    assert not app.exception
    assert [e.value for e in app.error]
    assert "at a time" in app.error[0].value
    assert len(runs.own()) == 1


def test_lab_offers_no_data_that_is_not_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GAN_ATELIER_DATA", str(tmp_path / "nothing"))
    app = opened("lab")
    picker = app.selectbox(key="data-images-mnist")
    assert picker.value == "digits-5k"
    picker.set_value("kmnist").run()
    assert next(b for b in app.button if b.label == "Start training").disabled
    assert "python -m gan_core download kmnist" in app.code[0].value


def test_lab_shows_a_run(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("lab", run=run.id)
    assert app.title[0].value == "GAN, stable recipe"
    assert "Finished" in said(app)
    assert [m.value for m in app.metric if m.label == "Images seen"] == ["48"]
    loss, verdicts, gradients = charts(app)
    assert '"D loss"' in loss
    assert '"G loss"' in loss
    assert '"line":0.5' in verdicts.replace(" ", "")
    assert "gradient" in gradients
    assert "data:image/png" in pictures(app)[0]
    assert ("Explore its latent space", f"run={run.id}") in links(app)


def test_a_critic_is_not_called_a_probability(trained: dict[str, Path]) -> None:
    app = opened("lab", run=own(trained, "wgan").id)
    assert "not a probability" in said(app)
    assert "Probability of" not in said(app)
    assert '"line":null' in charts(app)[1].replace(" ", "")


def test_lab_shows_curves_over_real_ones(trained: dict[str, Path]) -> None:
    app = opened("lab", run=own(trained, "sine-mlp").id)
    assert '"generated"' in charts(app)[-1]
    assert '"real"' in charts(app)[-1]


@pytest.mark.parametrize("state", ["stopped", "failed", "lost"])
def test_lab_resumes_what_ended_early(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    run = own(trained, "gan")
    run.write_status(state="running" if state == "lost" else state, message="It ended here.", pid=2**22 + 1, process_started=1.0)
    resumed: list[Run] = []
    monkeypatch.setattr(jobs, "resume", resumed.append)
    app = opened("lab", run=run.id)
    next(b for b in app.button if b.label == "Resume").click().run()
    assert [r.id for r in resumed] == [run.id]


def test_stop_asks_without_waiting(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    run.write_status(state="running", **runs.this_process())
    app = opened("lab", run=run.id)
    next(b for b in app.button if b.label == "Stop").click().run()
    assert run.stop_path.exists()
    assert "Stopping" in said(app)


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


# explore


def test_latent_moves_and_resets(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("latent", run=run.id)
    first = pictures(app)[0]
    assert len(app.slider) == 8
    assert (app.slider[0].min, app.slider[0].max) == (-1.0, 1.0)
    assert "U(-1, 1)^100" in said(app)
    assert "probability" in said(app)
    app.slider[0].set_value(1.0)
    app.slider[1].set_value(-1.0).run()
    moved = pictures(app)[0]
    assert moved != first
    app.selectbox(key=f"page-{run.id}").set_value(8).run()
    assert pictures(app)[0] == moved, "what was moved stays when other coordinates are shown"
    next(b for b in app.button if b.label == "Reset").click().run()
    assert pictures(app)[0] == first


def test_latent_is_the_same_for_the_same_address(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    one, two, other = (pictures(opened("latent", run=run.id, seed=s, digit="3"))[0] for s in ("5", "5", "6"))
    assert one == two != other
    assert "all asked for 3" in said(opened("latent", run=run.id, digit="3"))


def test_latent_shows_curves(trained: dict[str, Path]) -> None:
    app = opened("latent", run=own(trained, "sine-mlp").id)
    assert len(app.slider) == 5
    assert (app.slider[0].min, app.slider[0].max) == (-3.0, 3.0)
    assert len(charts(app)) == 2
    assert not pictures(app)


def test_digits_gives_what_is_asked(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    own(trained, "gan")
    app = opened("digits", run=run.id, digit="7", count="24")
    assert app.selectbox(key="menu").options == [run.title]
    grid, strip = pictures(app)
    assert "24 images of class 7" in grid
    assert "all ten classes" in strip
    assert grid != pictures(opened("digits", run=run.id, digit="2", count="24"))[0]


@pytest.mark.parametrize("page", ["latent", "digits"])
def test_without_networks_explore_says_what_to_do(page: str) -> None:
    app = opened(page)
    assert len(app.info) == 1
    assert links(app)


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
    app = opened("lab", variant="stylegan", recipe="../x")
    assert app.selectbox(key="variant").value == "gan"


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
    header, *lines = worth.as_frame([evaluated, bare]).to_csv(index=False).splitlines()
    assert header.split(",")[:4] == ["GAN", "recipe", "fid10k / floor", "precision"]
    assert lines[0].startswith("CGAN,stable,4.25,,0.0,,0.998,")
    assert lines[1].startswith('"Sine, dense",stable,,,,,,')


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
    assert f"U(-1, 1)^100 for {choose.brief(gan)}; N(0, 1)^5 for {choose.brief(sine)}" in app.info[0].value
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
    monkeypatch.setenv("GAN_ATELIER_DATA", str(tmp_path / "nothing"))
    runs.write_atomically(wgan.config_path, wgan.config.model_copy(update={"data": "mnist"}).model_dump_json().encode())
    models._verdicts.clear()
    models._loaded.clear()
    app = opened("compare", runs=",".join(run.id for run in runs.own()))
    assert "MNIST is not on this machine, so D cannot be asked about real data." in said(app)


def test_losses_lie_over_one_another_on_the_axis_of_choice(trained: dict[str, Path]) -> None:
    (gan, wgan), app = compared(trained, "gan", "wgan")
    assert "not comparable" in app.warning[0].value
    assert "non-saturating, wasserstein" in app.warning[0].value
    loss = json.loads(next(c for c in charts(app) if "D/loss" in c))
    assert [t["name"] for t in loss["traces"]] == [choose.brief(gan), choose.brief(wgan)]
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
    assert links(app) == [("Train one", "")]


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
    monkeypatch.setenv("GAN_ATELIER_DATA", str(tmp_path / "nothing"))
    own(trained, "gan")
    app = opened("compare")
    assert next(b for b in app.button if b.label == "Evaluate").disabled
    assert "python -m gan_core download mnist" in said(app)


def test_an_evaluation_that_failed_or_cannot_start_is_a_sentence(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    sine = own(trained, "sine-mlp")
    runs.write_atomically(sine.evaluating_path, runs.Evaluating(pid=2**22 + 1, process_started=1.0, asked=1.0).model_dump_json().encode())
    sine.evaluation_log_path.write_text("Traceback\nMemoryError: no more\n")
    app = opened("compare")
    assert "It printed last: MemoryError: no more" in app.error[0].value

    def refuse(_: Run) -> None:
        raise AtelierError("Not today.")

    monkeypatch.setattr(jobs, "evaluate", refuse)
    next(b for b in app.button if b.label == "Evaluate").click().run()
    assert app.error[-1].value == "Not today."


def test_an_evaluation_at_work_is_followed(trained: dict[str, Path]) -> None:
    sine = own(trained, "sine-mlp")
    me = runs.this_process()
    asked = runs.Evaluating(pid=me["pid"], process_started=me["process_started"], asked=1.0)
    runs.write_atomically(sine.evaluating_path, asked.model_dump_json().encode())
    sine.evaluation_log_path.write_text("the judge looks\n")
    app = opened("compare")
    assert f"Evaluating {choose.brief(sine)}" in app.status[0].label
    assert "the judge looks" in app.status[0].label
    assert not [b for b in app.button if b.label == "Evaluate"]


# the server


def test_every_page_has_a_door_for_cold_deep_links() -> None:
    """Until app.py has run once, Streamlit looks for /latent in pages/latent.py; see there."""
    doors = {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert doors == {Path(page).stem for name, page in PAGES.items() if name != "home"}


def test_heavy_imports_are_frozen() -> None:
    """Garbage collection after each rerun must not walk over torch: 459 ms a rerun without this, 17 with it."""
    from pages.parts import startup

    startup.warm()
    assert startup.warmed.is_set()
    assert "torch" in sys.modules
    assert gc.get_freeze_count() > 100_000
