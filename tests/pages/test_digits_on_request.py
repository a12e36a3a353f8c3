"""The digits page, run without a browser: each of its sections, for every kind of conditional run, and what it says to bad input."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from gan_core import data, settings
from gan_core.digits import dataset, dataset_orders
from gan_core.runs import Run
from gan_core.storage import atomic
from pages.digits_on_request import confusion, number, samples
from pages.digits_on_request.samples import Drawn
from pages.shared import models
from tests.pages.app import button, opened, own, page_links, pictures, said

SECTIONS = ("Choose", "Write", "Styles", "Blend", "Right or wrong", "Data set")
CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"


def section(name: str, run: Run, **query: str) -> AppTest:
    """The page, opened by a link at one of its sections."""
    return opened("digits", run=run.id, show=name, **query)


def component(app: AppTest) -> dict[str, object]:
    """What the only component of the page was sent."""
    (found,) = [json.loads(e.proto.json) for e in app.get("bidi_component") if e.proto.component_name.endswith(("styles", "between"))]
    return found


def shipped(name: str, folder: Path) -> Run:
    """A run that comes with the project, among the shipped ones."""
    return Run(shutil.copytree(CHECKPOINTS / name, folder / name))


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize("run", ["cgan-mlp-stable", "r3gan-stable"])
def test_every_section_serves_every_kind_of_conditional_run(name: str, run: str, shipped_folder: Path) -> None:
    app = section(name, shipped(run, shipped_folder))
    assert [t.label for t in app.tabs] == list(SECTIONS)
    assert not app.error
    assert not app.warning


# choose


def test_digits_gives_what_is_asked(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    own(trained, "gan")
    app = opened("digits", run=run.id, digit="7", count="24")
    assert app.selectbox(key="menu").options == [run.title]
    large, many, ten, real = pictures(app)
    assert "24 images of class 7" in many
    assert "Class 7 by CGAN, large" in large
    assert "All classes from one z" in ten
    assert "A real image of every class" in real
    assert many != pictures(opened("digits", run=run.id, digit="2", count="24"))[1]
    assert ("Open in Latent space", f"run={run.id}&seed=0&place=c7") in page_links(app)


def test_the_large_one_is_the_explorers_and_the_judge_reads_it(shipped_folder: Path) -> None:
    run = shipped("cgan-mlp-stable", shipped_folder)
    model = models.opened(run)
    shown = samples.digits(run, 11, (7,) * 8)
    assert np.array_equal(shown.images[0], model.grey(model.sample(1, digit=7, seed=11))[0])
    assert shown.read[0] == 7
    assert f"The [[judge]] reads **7** and is {shown.sure[0]:.1%} sure." in said(section("Choose", run, seed="11", digit="7"))


def test_wrong_ones_are_named(monkeypatch: pytest.MonkeyPatch, shipped_folder: Path) -> None:
    run = shipped("cgan-mlp-stable", shipped_folder)
    images = np.zeros((8, 28, 28), np.uint8)
    monkeypatch.setattr(samples, "digits", lambda *_, **__: Drawn(images, (4, 7, 7, 1, 7, 7, 7, 7), (0.6,) * 8))
    told = said(section("Choose", run, digit="7", count="8"))
    assert ":red[:material/close:] The [[judge]] reads **4** and is 60.0% sure." in told
    assert ": number 1 as 4, number 4 as 1." in told


def test_real_ones_are_of_the_class_and_the_nearest_is_nearest(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    pixels, labels = data.image_arrays("digits-5k")
    near, others = (samples.real_ones(run, 3, nearest) for nearest in (True, False))
    assert near is not None
    assert others is not None
    assert near.source == "digits-5k"
    own_ones = samples.digits(run, 3, tuple(range(10)), one_z=True).images.astype(int)
    for digit in range(10):
        among = pixels[labels == digit].astype(int)
        best = ((among - own_ones[digit]) ** 2).sum((1, 2)).min()
        assert ((near.images[digit] - own_ones[digit]) ** 2).sum() == best
        assert any(np.array_equal(others.images[digit], image) for image in among)
    assert not np.array_equal(near.images, others.images)


def test_clothes_are_neither_read_nor_set_beside_digits(
    trained: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    run = own(trained, "cgan")
    atomic.write(run.config_path, run.config.model_copy(update={"data": "fashion-mnist"}).model_dump_json().encode())
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "nothing"))
    assert "Fashion-MNIST is not on this machine" in said(section("Choose", run))
    assert "nothing checks" in said(section("Choose", run))
    assert "nothing checks" in said(section("Write", run, number="12"))
    assert "reads digits only" in section("Right or wrong", run).info[0].value
    for name in ("Styles", "Blend", "Data set"):
        assert "judge reads" not in said(section(name, run))


# write


def test_a_number_is_written_and_every_digit_read(shipped_folder: Path) -> None:
    run = shipped("cgan-mlp-stable", shipped_folder)
    app = section("Write", run, number="24/12 2026", seed="11")
    (line,) = pictures(app)
    assert line.count("<figure") == 8
    assert 'aria-label="24 12 2026, written by G"' in line
    read = samples.digits(run, 11, (2, 4, 1, 2, 2, 0, 2, 6), one_z=True).read
    assert re.findall(r"the judge reads (\d)", line) == [str(digit) for digit in read]
    assert read.count(2) == 4, "one hand: every 2 is the same"
    same = re.findall(r'src="([^"]+)" alt="class (\d)', line)
    assert same[3][1] == same[4][1] == "2"
    assert f"all {8} as requested" in said(app) or re.search(r"misreads \d of 8: digit", said(app))
    assert [b.label for b in app.get("download_button")] == ["PNG, on black", "Transparent, dark ink", "Transparent, light ink"]
    varied = section("Write", run, number="24/12 2026", seed="11", hand="varied")
    assert pictures(varied) != pictures(app)
    assert pictures(section("Write", run, number="24/12 2026", seed="12")) != pictures(app)


def test_one_hand_is_one_z_and_varied_ones_are_many(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    one, varied = (samples.digits(run, 5, (3, 3, 3), one_z=one).images for one in (True, False))
    assert np.array_equal(one[0], one[2])
    assert np.array_equal(one[0], varied[0])
    assert not np.array_equal(varied[0], varied[1])


def test_a_wrong_digit_is_seen() -> None:
    from gan_core.digits import numbers

    images = np.full((3, 28, 28), 200, np.uint8)
    page = number.strip(numbers.compose(images, (5, None, 0, 9)), (5, None, 0, 9), (5, 6, 9), False, "digit")
    assert "✗\u00a06" in page
    assert page.count("✗") == 1
    assert 'alt="class 0, the judge reads 6"' in page


@pytest.mark.parametrize(
    ("text", "told"),
    [("12a4", "cannot write “a”"), ("", "no digit"), ("--", "no digit"), ("9" * 25, "at most 24"), ("<b>1</b>", "“<”"), ("+49", "“+”")],
)
def test_a_text_that_cannot_be_written_is_a_sentence(trained: dict[str, Path], text: str, told: str) -> None:
    app = section("Write", own(trained, "cgan"))
    app.text_input(key="number").set_value(text).run()
    assert told in app.warning[0].value
    assert not pictures(app)
    assert not app.exception
    app.text_input(key="number").set_value("42").run()
    assert not app.warning
    assert len(pictures(app)) == 1


# styles and blends


def test_a_row_of_styles_is_the_z_that_its_seed_draws(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    sent = component(section("Styles", run, seed="5", styles="3"))
    assert (sent["columns"], sent["seeds"], len(sent["cells"])) == (10, [5, 6, 7], 30)  # type: ignore[arg-type]
    assert sent["cells"][13].startswith("class 3, seed 6")  # type: ignore[index]
    model = models.opened(run)
    for row, seed in enumerate((5, 6, 7)):
        shown = samples.styles(run, 5, 3).images[10 * row + 4]
        assert np.array_equal(shown, model.grey(model.sample(1, digit=4, seed=seed))[0])


def test_a_blend_begins_and_ends_with_the_whole_classes(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    shown = samples.blends(run, 9, 3, 8, 5)
    ends = samples.digits(run, 9, (3, 8), one_z=True)
    assert np.array_equal(shown.images[[0, -1]], ends.images)
    assert not np.array_equal(shown.images[2], ends.images[0])
    app = section("Blend", run, **{"from": "1", "to": "4"})
    sent = component(app)
    assert sent["told"][10].startswith("75 % 1, 25 % 4")  # type: ignore[index]
    assert "Nine blends from 1 to 4" in pictures(app)[0]
    assert "never asked for" in said(app)
    same = section("Blend", run, **{"from": "4", "to": "4"})
    assert "two different classes" in same.info[0].value


# right or wrong


@pytest.mark.parametrize("name", ["cgan-mlp-stable", "r3gan-stable"])
def test_the_table_agrees_with_the_evaluation(name: str, shipped_folder: Path) -> None:
    """Both are shares of independent samples of one generator: they differ by less than four standard errors."""
    run = shipped(name, shipped_folder)
    app = section("Right or wrong", run)
    counts = samples.confusion(run, confusion.EACH)
    assert [sum(row) for row in counts] == [200] * 10
    share = sum(row[i] for i, row in enumerate(counts)) / 2000
    known = (run.evaluation or {})["class_accuracy"]
    error = (known * (1 - known) * (1 / 2000 + 1 / 10000)) ** 0.5
    assert abs(share - known) < 4 * error
    assert f"**{share:.1%}** as requested" in said(app)
    assert f"found {known:.1%}" in said(app)
    (table,) = pictures(app)
    assert [int(n) for n in re.findall(r"<td [^>]*>(\d+)</td>", table)] == [n for row in counts for n in row if n]


def test_the_words_say_what_goes_wrong_most() -> None:
    assert "**90.0%** as requested (± 6.7%)" in confusion.in_words([[10, 0], [2, 8]])
    assert "**1** read as **0**, 2 of 10" in confusion.in_words([[10, 0], [2, 8]])
    assert "All are read as requested" in confusion.in_words([[10, 0], [0, 10]])
    assert "2 are misread, each in a different way" in confusion.in_words([[9, 1], [1, 9]])


# data set


def test_a_data_set_is_made_followed_and_offered(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    app = section("Data set", run, seed="4")
    app.number_input(key="each").set_value(6)
    app.selectbox(key="form").set_value("png").run()
    assert "60 training images and 10 test images, all by G from seed 4" in said(app)
    button(app, "Make the data set").click().run()
    assert not app.error
    ((_, order),) = dataset_orders._all()
    assert order.request.plan == dataset.Plan(per_class=6, form="png", seed=4)
    end = time.monotonic() + 120
    while order.at_work and time.monotonic() < end:
        time.sleep(0.1)
    app.run()
    assert "**Ready**: 6 per class by CGAN" in said(app)
    assert len(dataset.training_part(order.file)[1]) == 60
    (download,) = app.get("download_button")
    assert download.label == "Download (zip)"
    order.lesson_path.write_text('{"accuracy": 0.9123, "learned_from": 60, "tested_on": "mnist", "tests": 10000}')
    shutil.rmtree(run.folder)  # the data set outlives its run
    own(trained, "cgan")
    app.run()
    assert app.metric[0].value == "91.23%"
    assert "**Ready**: 6 per class by CGAN, stable" in said(app)
    button(app, "Remove").click().run()
    assert not order.folder.exists()
    assert "Ready" not in said(app)
    assert not app.exception


def test_one_data_set_at_a_time_and_failures_are_sentences(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    app = section("Data set", run)
    busy = dataset_orders.make(run, dataset.Plan(per_class=dataset.MOST), "somebody else")
    button(app, "Make the data set").click().run()
    assert "Only one is made at a time" in app.error[0].value
    dataset_orders.remove(busy)
    assert run.weights
    button(app, "Make the data set").click().run()
    assert not app.error
    ((_, order),) = dataset_orders._all()
    assert "Making" in said(app) or app.get("progress")
    button(app, "Cancel").click().run()
    assert not order.folder.exists()
    assert not app.exception
    assert not app.get("progress")


@pytest.mark.parametrize("query", [{"show": "soup"}, {"styles": "500"}, {"gap": "-3"}, {"hand": "both"}, {"from": "12"}, {"real": "fake"}])
@pytest.mark.parametrize("name", ["Choose", "Write", "Styles", "Blend"])
def test_bad_values_in_the_address_fall_back(trained: dict[str, Path], name: str, query: dict[str, str]) -> None:
    app = opened("digits", **({"run": own(trained, "cgan").id, "show": name} | query))
    assert not app.error
