"""Every page, run without a browser: what it shows, and what it says to bad addresses and missing runs."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs
from gan_core.config import RunConfig, configure
from gan_core.recorder import work
from gan_core.runs import Run
from gan_core.variants import VARIANTS
from pages.parts import history

ROOT = Path(__file__).parents[1]
PAGES = {
    "home": "pages/learn/home.py",
    "lab": "pages/train/lab.py",
    "latent": "pages/explore/latent.py",
    "digits": "pages/explore/digits.py",
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


def test_lab_says_why_it_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(jobs.LIMIT_VARIABLE, "0")
    app = opened("lab")
    next(b for b in app.button if b.label == "Start training").click().run()
    assert not app.exception
    assert [e.value for e in app.error]
    assert "at a time" in app.error[0].value
    assert not runs.own()


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
