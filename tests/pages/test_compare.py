"""The page Compare, run without a browser: the table, the runs beside each other, and evaluations asked for there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gan_core import jobs, runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import configure
from gan_core.runs import Run
from gan_core.storage import atomic, liveness
from pages.compare import numbers, results
from pages.shared import models, run_picker
from tests.pages.app import charts, opened, own, page_links, said


def cards(app: AppTest) -> list[dict[str, Any]]:
    """The cards of the runs side by side, as the browser gets them."""
    return [json.loads(c) for c in charts(app) if '"numbers"' in c]


def drawn(app: AppTest) -> list[str]:
    """Their pictures, where they have one."""
    return [card["source"] for card in cards(app) if card["source"]]


def unasked(app: AppTest) -> list[str]:
    """The histograms of scores without real samples, in words."""
    return [alt for c in charts(app) if "of real samples –" in (alt := json.loads(c).get("alt", ""))]


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
    table = app.dataframe[-1].value.set_index("run")
    assert set(table.index) == {"cgan-stable", bare.id, empty.id}
    shown = table.loc["cgan-stable"]
    assert (shown["fid10k / floor"], shown["recall"], shown["class accuracy"], shown["steps"]) == (4.25, 0.0, 0.998, 6)
    assert shown["GAN"] == "CGAN"
    for heading in ("fid10k / floor", "precision", "recall", "coverage", "class accuracy", "memorised", "evaluated at"):
        assert table[heading].isna()[bare.id], heading
    for heading in ("G parameters", "D parameters", "steps", "seconds", "device"):
        assert table[heading].isna()[empty.id], heading
        assert not table[heading].isna()[bare.id], heading
    assert app.dataframe[-1].proto.alt == "All numbers of 3 runs, 1 of them evaluated"
    assert [table.columns[0], table["name"]["cgan-stable"]] == ["name", "CGAN, stable"]
    header, *lines = results.as_frame([evaluated, bare]).to_csv(index=False).splitlines()
    assert header.split(",")[:4] == ["name", "fid10k / floor", "precision", "recall"]
    assert lines[0].startswith('"CGAN, stable",4.25,,0.0,,0.998,')
    assert lines[0].endswith(",CGAN,stable,cgan-stable")
    assert lines[1].startswith(f'"{run_picker.brief(bare)}",,,,,,')


def test_the_best_value_of_a_column_is_bold_and_what_is_missing_is_not(trained: dict[str, Path]) -> None:
    compared_runs = [own(trained, name) for name in ("gan", "cgan", "wgan")]
    for run, found in zip(compared_runs, ({"fid10k_over_floor": 3.0, "recall10k": 0.5}, {"fid10k_over_floor": 9.0}, {}), strict=True):
        run.evaluation_path.write_text(json.dumps({"step": 6, **found}))
    shown = results.styled(results.as_frame(compared_runs))
    shown._compute()
    headings = list(shown.data.columns)
    bold = {(row, headings[column]) for (row, column), css in shown.ctx.items() if ("font-weight", "700") in css}
    assert bold == {(0, "fid10k / floor")}, "the lower distance; a single value is no best one"


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
    assert "All draw from the same z: seed 3, from U(-1, 1)^100." in said(app)
    assert not app.info
    one, two = drawn(app)
    assert one == two, "the same networks make the same pictures of the same z"
    assert one != drawn(opened("compare", runs=f"gan-stable,{own_one.id}", seed="4"))[0]
    assert [card["title"] for card in cards(app)] == ["GAN, stable", f"GAN, stable, {own_one.id[-4:]}"]


def test_priors_that_differ_are_admitted(trained: dict[str, Path]) -> None:
    (gan, sine), app = compared(trained, "gan", "sine-mlp")
    assert "Their priors differ" in app.info[0].value
    assert f"U(-1, 1)^100 for {run_picker.brief(gan)}; N(0, 1)^5 for {run_picker.brief(sine)}" in app.info[0].value
    images, curves = cards(app)
    assert images["source"].startswith("data:image/png")
    assert curves["source"].startswith("data:image/svg+xml")
    assert [number["word"] for number in images["numbers"]] == ["Realness", "Variety", "Legibility"]
    assert [number["word"] for number in curves["numbers"]] == ["Error", "Amplitude"]


def test_conditional_ones_draw_the_same_digits(trained: dict[str, Path]) -> None:
    (cgan, _), app = compared(trained, "cgan", "gan")
    first, second = cards(app)
    assert first["alt"].startswith(f"60 images of {run_picker.brief(cgan)} from seed 0, a column for each class")
    assert "column" not in second["alt"]
    model = models.opened(cgan)
    made = models.mosaic(model, model.generate(model.latents(60, 0), models.classes(list(range(10)) * 6, 60)), 10)
    assert models.grid(cgan, 0, 60, 10, tuple(range(10)) * 6) == made


def test_d_is_asked_about_real_samples_and_about_the_built_in_ones_where_mnist_is_missing(
    trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (_, wgan), app = compared(trained, "gan", "wgan")
    gan_chart, wgan_chart = [c for c in charts(app) if "What D of" in c]
    assert "of real samples 0." in gan_chart
    assert "its own 0." in gan_chart
    assert json.loads(gan_chart)["y_range"] == json.loads(wgan_chart)["y_range"], "the shares have one scale"
    assert [t["role"] for t in json.loads(gan_chart)["traces"]] == ["real", "fake"]
    assert "no probability" in wgan_chart
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "nothing"))
    atomic.write(wgan.config_path, wgan.config.model_copy(update={"data": "mnist"}).model_dump_json().encode())
    models._verdicts.clear()
    models.loaded.clear()
    app = opened("compare", runs=",".join(run.id for run in runs.own()))
    assert "MNIST is not on this machine. The real samples are from: Digits (5,000, built in)." in said(app)
    assert not unasked(app)
    atomic.write(wgan.config_path, wgan.config.model_copy(update={"data": "kmnist"}).model_dump_json().encode())
    app = opened("compare", runs=",".join(run.id for run in runs.own()))
    assert "KMNIST is not on this machine, so D cannot be asked about real samples." in said(app)
    assert len(unasked(app)) == 1


def test_numbers_and_health_of_a_run_are_those_of_its_own_files(shipped_folder: Path) -> None:
    for name in ("gan-stable", "sine-conv-stable"):
        shutil.copytree(Path(__file__).parents[2] / "checkpoints" / name, shipped_folder / name)
    gan, sine = Run(shipped_folder / "gan-stable"), Run(shipped_folder / "sine-conv-stable")
    look = gan.looks[-1]
    assert gan.evaluation
    found = [number.sent() for number in numbers.of(gan)]
    assert found[0] == {"word": "Realness", "text": f"{gan.evaluation['precision10k']:.0%}", "share": gan.evaluation["precision10k"]}
    assert found[1] == {"word": "Variety", "text": f"{look['variety']:.0%}", "share": 1.0}, "a bar is never more than full"
    assert found[2] == {"word": "Legibility", "text": f"{look['legible']} of {look['n']}", "share": look["legible"] / look["n"]}
    phases = numbers.of(sine)[-1]
    assert (phases.word, phases.text) == ("Phases", f"{sine.looks[-1]['phases']} of 8")
    gan.evaluation_path.write_text('{"step": 5, "precision10k": 0.01}')
    assert numbers.of(gan)[0].share == gan.probes[-1]["precision1k"], "an evaluation of another step does not count"
    gan.looks_path.unlink()
    gan.probes_path.unlink()
    assert [number.text for number in numbers.of(gan)] == ["–", "–", "–"]
    gan.looks_path.write_text("no JSON\n")
    assert [number.share for number in numbers.of(gan)] == [None, None, None]


def test_a_jump_at_the_start_does_not_stretch_the_axis(trained: dict[str, Path]) -> None:
    run, other = own(trained, "gan"), own(trained, "cgan")
    for each in (run, other):
        each.metrics_path.unlink()
        each.append_records(
            [{"step": i, "seconds": 0.1 * i, "D/loss": 900.0 if i < 4 else 1.0 + i % 2, "G/loss": 1.0} for i in range(1, 201)]
        )
    app = opened("compare", runs=f"{run.id},{other.id}")
    loss = json.loads(next(c for c in charts(app) if "D/loss" in c))
    assert loss["y_range"][1] <= 4
    assert max(loss["traces"][0]["y"]) == 900.0, "it is still there for who zooms out"
    assert "outside this axis" in said(app)


def test_losses_lie_over_one_another_on_the_axis_of_choice(trained: dict[str, Path]) -> None:
    (gan, wgan), app = compared(trained, "gan", "wgan")
    assert "cannot be compared" in app.warning[0].value
    assert "non-saturating, wasserstein" in app.warning[0].value
    loss = json.loads(next(c for c in charts(app) if "D/loss" in c))
    assert [t["label"] for t in loss["traces"]] == ["GAN", "WGAN"]
    assert loss["labels"], "names stand at the ends of the curves"
    assert loss["xs"] == [[1, 2, 3, 4, 5, 6]]
    app.segmented_control(key="over").set_value("samples seen").run()
    assert app.query_params["over"] in ("samples seen", ["samples seen"])
    assert opened("compare", runs=f"{gan.id},{wgan.id}", over="seconds").segmented_control(key="over").value == "seconds"
    assert opened("compare", runs=f"{gan.id},{wgan.id}", over="parsecs").segmented_control(key="over").value == "steps"
    loss = json.loads(next(c for c in charts(app) if "D/loss" in c))
    assert loss["xs"][0] == [step * gan.config.settings.batch for step in range(1, 7)]
    batches = wgan.config.settings.d_steps
    assert batches > 1
    assert loss["xs"][1] == [wgan.config.settings.batch * batches * step for step in range(1, 7)], "WGAN's D sees several batches a step"
    app.segmented_control(key="over").set_value("seconds").run()
    loss = json.loads(next(c for c in charts(app) if "D/loss" in c))
    assert loss["xs"][0] == [r["seconds"] for r in gan.records()[0]]
    assert "D's probability of" in said(app)
    assert "no probabilities" in said(app)


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
    assert len(drawn(app)) == 3
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
    assert len(drawn(app)) == 1
    assert app.dataframe[-1].value.set_index("run")["G parameters"].isna()[broken.id]


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
    assert app.dataframe[-1].value["sine RMSE"].tolist() == [0.25]
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
