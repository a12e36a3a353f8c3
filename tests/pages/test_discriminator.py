"""The page about the discriminator, run without a browser: what it shows, and what it says to bad addresses, uploads and missing runs."""

from __future__ import annotations

import base64
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from gan_core import data, pictures, runs, settings
from gan_core.digits import quiz, quiz_rooms
from gan_core.jobs.recorder import work
from gan_core.runs import Run, folders
from gan_core.storage import atomic
from pages.discriminator import classifier, quiz_room
from pages.shared import digit_input, drawing_pad, links
from tests.configs import small

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def shipped_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No shipped runs, unless a test makes some; and the data that are built in, wherever the tests run."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setattr(folders, "SHIPPED", folder)
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "no-data"))
    digits = digit_input.real_digits
    digits.clear()
    yield folder
    digits.clear()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Small runs of those whose D's the page asks."""
    parent = tmp_path_factory.mktemp("trained")
    made = {}
    for name in ("ssgan", "dcgan", "cgan"):
        run = runs.new(small(name, steps=20), parent)
        for _ in work(run):
            pass
        made[name] = run.folder
    return made


@pytest.fixture
def here(trained: dict[str, Path], shipped_folder: Path) -> Path:
    """Three of them shipped."""
    for name, folder in trained.items():
        shutil.copytree(folder, shipped_folder / f"{name}-stable")
    return shipped_folder


def opened(**query: str) -> AppTest:
    """The app, standing on the page."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(links.DISCRIMINATOR.file).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All the words on the page."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(element.value for kind in kinds for element in kind) + "\n".join(e.proto.body for e in app.get("html"))


def components(app: AppTest) -> str:
    return "\n".join(element.proto.json for element in app.get("bidi_component"))


def drawn(picture: np.ndarray, revision: int = 1) -> dict[str, dict[str, object]]:
    """What the pad sends of a digit."""
    large = np.asarray(Image.fromarray(picture).resize((drawing_pad.SIDE, drawing_pad.SIDE)))
    return {"drawn": {"png": base64.b64encode(pictures.to_png(large)).decode(), "revision": revision, "resting": True}}


def seven() -> np.ndarray:
    return data.image_arrays("digits-5k")[0][3600]


def button(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(b for b in app.button if b.label == label)


# ask it


def test_nothing_is_said_before_something_is_drawn(here: Path) -> None:
    app = opened()
    assert app.title[0].value == "What does the discriminator see?"
    assert "There is no digit yet" in components(app)
    assert "How real is it?" not in said(app)


def test_a_drawing_is_prepared_answered_and_looked_at(here: Path) -> None:
    app = opened()
    app.session_state["judge-pad"] = drawn(seven())
    app.run()
    assert not app.exception
    assert not app.error
    text = said(app)
    for title in ("Grey", "Light on dark", "Cropped", "In a box of 20", "Centred", "How real is it?", "Where does D look?"):
        assert title in text
    assert "SSGAN" in components(app)
    assert "The judge: 7 with" in components(app)
    assert text.count("of its own samples") >= 3
    assert "told “7”" in text, "conditional ones are told what the judge reads"
    assert "Every D has its own scale" in text.replace("\n", " ")


def test_a_pen_that_is_down_waits_with_what_is_slow(here: Path) -> None:
    app = opened()
    sent = drawn(seven())
    sent["drawn"]["resting"] = False
    app.session_state["judge-pad"] = sent
    app.run()
    assert "The judge: 7 with" in components(app)
    assert "How real is it?" not in said(app)


@pytest.mark.parametrize(
    "sent",
    [
        {"png": 5, "revision": 1}, {"png": "%%%", "revision": 1}, {"png": "A" * 200_000, "revision": 1}, {"png": "QUJD", "revision": 1},
        {"png": "", "revision": 1}, {"revision": 1}, "text", [1, 2],
        {"png": base64.b64encode(pictures.to_png(np.full((20, 20), 9, np.uint8))).decode(), "revision": 2},
    ],
)  # fmt: skip
def test_what_no_pad_sends_is_refused(here: Path, sent: object) -> None:
    app = opened()
    app.session_state["judge-pad"] = {"drawn": sent}
    app.run()
    assert not app.exception
    assert "There is no digit yet" in components(app)
    assert app.error or (isinstance(sent, dict) and sent.get("png") == "")


def test_a_test_digit_is_asked_about(here: Path) -> None:
    app = opened(digit_from="Test digit", image="3600")
    assert "A 7, from the 5,000 built-in digits. The networks have trained on some of these digits." in said(app)
    assert "The judge: 7 with" in components(app)
    assert "In a box of 20" not in said(app), "it is prepared already"
    app.selectbox(key="where-run").set_value("cgan-stable").run()
    assert not app.exception
    assert "D is told that this is a 7." in said(app)
    app.selectbox(key="where-run").set_value("ssgan-stable").run()
    app.selectbox(key="where-asked-11").set_value("Is it a 4?").run()
    assert not app.exception


@pytest.mark.parametrize("image", ["-1", "5000", "x", "9" * 30])
def test_a_bad_number_of_an_image_does_no_harm(here: Path, image: str) -> None:
    assert "The judge:" in components(opened(digit_from="Test digit", image=image))


def upload(app: AppTest, content: bytes, name: str = "digit.png") -> AppTest:
    app.file_uploader(key="judge-upload").set_value((name, content, "image/png")).run()
    assert not app.exception
    return app


def test_an_upload_is_read_or_refused(here: Path) -> None:
    app = opened(digit_from="Upload")
    buffer = io.BytesIO()
    Image.fromarray(255 - seven()).resize((280, 280)).save(buffer, format="JPEG")
    upload(app, buffer.getvalue(), "photo.jpg")
    assert "The judge: 7 with" in components(app)
    assert "is inverted" in said(app)
    upload(app, b"seven", "digit.png")
    assert "no readable PNG, JPEG or WebP" in app.error[0].value
    assert "There is no digit yet" in components(app)


def test_without_shipped_runs_the_judge_answers_alone() -> None:
    app = opened(digit_from="Test digit", image="3600")
    assert "This copy of the project has no SSGAN" in said(app)
    for view in ("classifier", "quiz"):
        app = opened(show=view)
        assert app.info
    assert "There is no trained SSGAN" in said(opened(show="classifier"))


# the classifier


def test_without_the_test_images_it_says_so(here: Path) -> None:
    known = Run(here / "ssgan-stable")
    atomic.write(known.evaluation_path, json.dumps({"ssgan_test_error": 0.0082}).encode())
    assert "found an error of 0.82%" in said(opened(show="classifier"))


def test_the_classifier_is_tested(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels, labels = data.image_arrays("digits-5k")
    some = digit_input.Digits(pixels[::20], labels[::20], True)
    monkeypatch.setattr(digit_input, "real_digits", lambda: some)
    app = opened(show="classifier")
    assert app.metric[0].value.endswith("%")
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    counts = [int(cell or 0) for row in figure["data"][0]["text"] for cell in row]
    assert sum(counts) == 250
    wrong = 1 - sum(counts[::11]) / 250
    assert app.metric[0].value == f"{wrong:.2%}"
    assert "that D classifies as" in said(app)


def test_few_labels_are_shown_as_they_came_out(here: Path) -> None:
    entries = [
        {"labels": n, "seed": seed, "steps": 2000, "batch": 32, "error": e + seed / 100, "alone": 2 * e}
        for n, e in ((20, 0.2), (100, 0.08), (None, 0.01))
        for seed in (0, 1)
    ]
    (here / classifier.FEW).write_text(json.dumps(entries))
    app = opened(show="classifier")
    text = said(app)
    assert "With 100 labels our error is 8.5%, 9 times the published 0.93%" in text
    assert "an error of 16.0%" in text
    figure = json.loads(app.get("plotly_chart")[-1].proto.spec)
    assert [trace["name"][:5] for trace in figure["data"]] == ["The s", "SSGAN", "Salim"]
    assert figure["data"][1]["x"] == [20, 100, 60000]
    assert figure["data"][1]["y"] == pytest.approx([20.5, 8.5, 1.5])


@pytest.mark.parametrize("content", ["", "no JSON", "{}", "[1]", '[{"labels": 20}]', "null"])
def test_damaged_results_are_no_results(here: Path, content: str) -> None:
    (here / classifier.FEW).write_text(content)
    assert "benchmarks.labels" in said(opened(show="classifier"))


# the quiz


def play(app: AppTest, real: bool = True) -> AppTest:
    for number in range(1, quiz.QUESTIONS + 1):
        assert f"Image {number} of the quiz" in said(app)
        app.button(key=f"{'real' if real else 'fake'}-{number}").click().run()
        assert not app.exception
    return app


def test_the_quiz_through_to_its_score(here: Path) -> None:
    app = opened(show="quiz")
    button(app, "Play").click().run()
    seed = int(app.query_params["quiz"])
    play(app)
    images = quiz.questions(Run(here / "dcgan-stable"), data.image_arrays("digits-5k")[0], seed)
    mine = sum(q.real for q in images)
    assert f"You: {mine} of 10" in said(app)
    assert said(app).count("You said: real.") == 10
    assert not quiz_rooms.path().exists(), "nothing is kept of who plays alone"
    again = play(opened(show="quiz", quiz=str(seed)), real=False)
    assert f"You: {10 - mine} of 10" in said(again), "the same ten by the same address"


@pytest.mark.parametrize("seed", ["-1", "1000000", "x", "1.5", "9" * 40, "²", "<b>"])
def test_a_bad_seed_begins_anew(here: Path, seed: str) -> None:
    app = opened(quiz=seed)
    assert "is no number of a quiz" in app.error[0].value
    assert button(app, "Play")


@pytest.mark.parametrize("name", ["nowhere", "../x", "a b", "<script>", "x" * 300])
def test_a_room_that_is_not_open_leaves_one_playing_alone(here: Path, name: str) -> None:
    app = opened(quiz="7", room=name)
    assert "You can still play alone" in app.warning[0].value
    assert "Image 1 of the quiz" in said(app)


def test_a_room_from_opening_to_closing(here: Path) -> None:
    presenter = opened(show="quiz")
    presenter.text_input[0].set_value("Lecture")
    button(presenter, "Open the room").click().run()
    assert not presenter.exception
    assert "Room “lecture”" in said(presenter)
    seed = presenter.query_params["quiz"]
    assert quiz_rooms.find("lecture") is not None
    link = next(c.value for c in presenter.code)
    assert f"quiz={seed}" in link
    assert "room=lecture" in link
    assert "Nobody has finished yet." in said(presenter)

    player = play(opened(quiz=seed, room="lecture"))
    assert "Your score is in the room." in said(player)
    assert "Clear the scores" not in [b.label for b in player.button]
    mine = int(said(player).split("### You: ")[1].split(" of 10")[0])
    counts = [0] * 11
    counts[mine] = 1
    assert quiz_rooms.scores("lecture") == counts
    assert "**1** player," in said(presenter.run())

    button(presenter, "Clear the scores").click().run()
    assert sum(quiz_rooms.scores("lecture")) == 0
    button(presenter, "Another ten").click().run()
    assert presenter.query_params["quiz"] != seed
    late = opened(quiz=seed, room="lecture")
    assert "Image 1 of the quiz" in said(late)
    button(presenter, "Close the room").click().run()
    assert not presenter.exception
    assert quiz_rooms.find("lecture") is None
    assert "room" not in presenter.query_params


def test_a_name_that_does_not_do_is_refused_in_its_place(here: Path) -> None:
    app = opened(show="quiz")
    app.text_input[0].set_value("a b c")
    button(app, "Open the room").click().run()
    assert "letters, digits" in app.error[0].value
    quiz_rooms.open_room("taken", 1, "somebody")
    app.text_input[0].set_value("taken")
    button(app, "Open the room").click().run()
    assert "Somebody else" in app.error[0].value


def test_the_link_leads_to_the_page() -> None:
    opened = quiz_rooms.Room("talk", 7, "")
    link = links.whole(links.DISCRIMINATOR, quiz_room.query(opened), at="http://10.0.0.5:8501/")
    assert link == "http://10.0.0.5:8501/judge?show=quiz&quiz=7&room=talk"


# training with few labels


def test_the_lab_offers_a_budget_of_labels_to_ssgan_alone() -> None:
    def labelled(variant: str) -> Any:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        app.query_params["variant"] = variant
        app.switch_page(links.LAB.file).run()
        assert not app.exception
        return next(box for box in app.selectbox if box.label == "Labelled images")

    box = labelled("ssgan")
    assert not box.disabled
    assert [o for o in box.options if "1,000" in o]
    grey = labelled("dcgan")
    assert grey.disabled
    assert "semi-supervised discriminator, as in SSGAN" in grey.help
