"""The quiz and its rooms: the same images for the same seed, nothing that gives the real ones away, scores that many write at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gan_core import data, pictures, runs
from gan_core.digits import quiz, quiz_rooms
from gan_core.errors import AtelierError
from gan_core.jobs.recorder import work
from gan_core.runs import Run
from gan_core.trained.model import load
from tests.configs import small

ME, OTHER = "a" * 24, "b" * 24


def real() -> np.ndarray:
    return data.image_arrays("digits-5k")[0]


@pytest.fixture
def painted() -> Run:
    """A run with a replay of several ages."""
    run = runs.new(small("dcgan", steps=30).model_copy(update={"data": "digits-5k"}))
    for _ in work(run):
        pass
    return run


# the images


def test_a_seed_asks_everybody_the_same(painted: Run) -> None:
    first, again, other = (quiz.questions(painted, real(), seed) for seed in (5, 5, 6))
    assert len(first) == quiz.QUESTIONS
    assert all(np.array_equal(a.picture, b.picture) and a[1:] == b[1:] for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a.picture, b.picture) for a, b in zip(first, other, strict=True))


def test_real_and_generated_are_mixed_and_of_three_ages(painted: Run) -> None:
    counts, orders = set(), set()
    for seed in range(30):
        asked = quiz.questions(painted, real(), seed)
        counts.add(sum(q.real for q in asked))
        orders.add(tuple(q.real for q in asked))
        ages = {q.age for q in asked if not q.real}
        assert ages == {age for age, _ in quiz.AGES}
        assert all(f"(step {q.step:,})" in q.origin for q in asked if not q.real)
        assert all(q.origin == "a real digit" for q in asked if q.real)
    assert counts == {4, 5, 6}
    assert len(orders) > 20


def test_generated_images_are_cells_of_the_replay_and_real_ones_are_of_the_data(painted: Run) -> None:
    drawn = {pictures.in_shades(cell).tobytes() for grid in painted.samples for cell in quiz.cells_of(grid)}
    known = {pictures.in_shades(image).tobytes() for image in real()}
    for q in quiz.questions(painted, real(), 3):
        assert q.picture.tobytes() in (known if q.real else drawn)


def test_shades_give_nothing_away(painted: Run) -> None:
    allowed = set(np.unique(pictures.in_shades(np.arange(256, dtype=np.uint8))).tolist())
    assert len(allowed) == pictures.SHADES
    for q in quiz.questions(painted, real(), 1):
        assert set(np.unique(q.picture).tolist()) <= allowed


def test_d_answers_the_same_images(painted: Run) -> None:
    model, asked = load(painted), quiz.questions(painted, real(), 2)
    said = quiz.verdicts(model, asked)
    assert len(said) == quiz.QUESTIONS
    assert all(0 <= p <= 1 for p in said)
    low, high = model.G.pixels
    x = np.stack([q.picture for q in asked])[:, None] / 255 * (high - low) + low
    import torch

    by_hand = 1 / (1 + (-model.D(torch.tensor(x, dtype=torch.float32))).exp())
    assert said == pytest.approx(by_hand.tolist(), abs=1e-5)


def test_right_counts_answers() -> None:
    asked = [quiz.Question(np.zeros((28, 28), np.uint8), i % 3 == 0, "") for i in range(10)]
    assert quiz.right(asked, [q.real for q in asked]) == 10
    assert quiz.right(asked, [True] * 10) == 4
    assert quiz.right(asked, [not q.real for q in asked]) == 0


def test_who_can_draw_a_quiz(painted: Run) -> None:
    assert quiz.painter([painted]) == painted
    for grid in painted.samples[2:]:
        grid.file.unlink()
    assert quiz.painter([painted]) is None, "two ages are not three"
    assert quiz.painter([]) is None


def test_a_damaged_replay_is_named(painted: Run) -> None:
    for grid in painted.samples:
        grid.file.write_bytes(b"no picture")
    with pytest.raises(AtelierError, match="cannot be read"):
        quiz.questions(painted, real(), 0)


# rooms


@pytest.mark.parametrize("name", ["", " ", "a b", "../x", "x" * 25, "-x", "ä", "a;DROP TABLE rooms", "a'b", "_"])
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(AtelierError, match="letters, digits"):
        quiz_rooms.open_room(name, 1, ME)
    assert quiz_rooms.find(name) is None


def test_a_visitor_counts_once_and_the_first_score_stays() -> None:
    quiz_rooms.open_room("Talk", 7, ME)
    assert quiz_rooms.submit("talk", 7, ME, 3)
    assert not quiz_rooms.submit("talk", 7, ME, 10)
    assert quiz_rooms.submit("talk", 7, OTHER, 10)
    assert quiz_rooms.scores("talk") == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]


def test_what_does_not_belong_is_not_kept() -> None:
    with pytest.raises(AtelierError, match="is closed"):
        quiz_rooms.submit("nowhere", 1, ME, 3)
    quiz_rooms.open_room("talk", 7, ME)
    assert not quiz_rooms.submit("talk", 8, ME, 3), "another quiz"
    for score in (-1, 11):
        with pytest.raises(AtelierError, match="score ="):
            quiz_rooms.submit("talk", 7, ME, score)
    with pytest.raises(AtelierError, match="seed ="):
        quiz_rooms.open_room("talk", -1, ME)
    assert sum(quiz_rooms.scores("talk")) == 0


def test_only_the_opener_clears_closes_and_changes_it() -> None:
    opened = quiz_rooms.open_room("talk", 7, ME)
    assert opened.is_of(ME)
    assert not opened.is_of(OTHER)
    quiz_rooms.submit("talk", 7, OTHER, 5)
    for act in (quiz_rooms.clear, quiz_rooms.close):
        with pytest.raises(AtelierError, match="Only the person who opened"):
            act("talk", OTHER)
    with pytest.raises(AtelierError, match="Somebody else"):
        quiz_rooms.open_room("talk", 8, OTHER)
    assert sum(quiz_rooms.scores("talk")) == 1
    quiz_rooms.clear("talk", ME)
    assert sum(quiz_rooms.scores("talk")) == 0
    assert quiz_rooms.submit("talk", 7, OTHER, 6), "after clearing one may play again"
    assert quiz_rooms.open_room("talk", 8, ME).seed == 8
    assert sum(quiz_rooms.scores("talk")) == 0, "another quiz begins without scores"
    quiz_rooms.close("talk", ME)
    assert quiz_rooms.find("talk") is None


def test_nobody_is_known_by_what_is_kept() -> None:
    for name in ("one", "two"):
        quiz_rooms.open_room(name, 1, ME)
        quiz_rooms.submit(name, 1, OTHER, 4)
    with sqlite3.connect(quiz_rooms.path()) as db:
        rows = db.execute("SELECT * FROM scores").fetchall()
        columns = [c[1] for c in db.execute("PRAGMA table_info(scores)")]
    db.close()
    assert columns == ["room", "visitor", "score"]
    assert len({visitor for _, visitor, _ in rows}) == 2, "the same visitor is another one in another room"
    content = b"".join(p.read_bytes() for p in quiz_rooms.path().parent.glob(f"{quiz_rooms.FILE}*"))
    assert OTHER.encode() not in content
    assert ME.encode() not in content


def test_a_visitor_opens_only_so_many_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiz_rooms, "MOST_EACH", 3)
    for i in range(3):
        quiz_rooms.open_room(f"r{i}", 1, ME)
    with pytest.raises(AtelierError, match="Too many rooms"):
        quiz_rooms.open_room("r3", 1, ME)
    quiz_rooms.open_room("r0", 2, ME)  # a new quiz in an old one
    quiz_rooms.open_room("theirs", 1, OTHER)
    with sqlite3.connect(quiz_rooms.path()) as db:
        db.execute("UPDATE rooms SET opened = 0 WHERE name = 'r1'")
    db.close()
    quiz_rooms.open_room("r3", 1, ME)
    assert quiz_rooms.find("r1") is None, "old rooms are forgotten"


def test_looking_for_a_room_writes_nothing(runs_folder: Path) -> None:
    assert quiz_rooms.find("talk") is None
    assert quiz_rooms.scores("talk") == [0] * 11
    assert not runs_folder.exists()


def test_a_folder_that_cannot_be_written_is_named(runs_folder: Path) -> None:
    runs_folder.parent.mkdir(exist_ok=True)
    runs_folder.write_text("a file where the folder should be")
    with pytest.raises(AtelierError, match="cannot be kept in"):
        quiz_rooms.open_room("talk", 1, ME)


def test_the_file_is_no_run() -> None:
    quiz_rooms.open_room("talk", 1, ME)
    assert runs.own() == []


def test_thirty_write_and_read_at_once() -> None:
    """From the first connection on: the file is made by whoever comes first."""

    def play(i: int) -> tuple[bool, int]:
        visitor = f"{i:024d}"
        if i == 0:
            quiz_rooms.open_room("talk", 7, visitor)
        while quiz_rooms.find("talk") is None:
            pass
        kept = quiz_rooms.submit("talk", 7, visitor, i % 11)
        return kept, sum(quiz_rooms.scores("talk"))

    with ThreadPoolExecutor(30) as pool:
        done = list(pool.map(play, range(30)))
    assert all(kept for kept, _ in done)
    assert all(1 <= seen <= 30 for _, seen in done)
    counts = quiz_rooms.scores("talk")
    assert sum(counts) == 30
    assert counts == [sum(i % 11 == s for i in range(30)) for s in range(11)]


def test_several_processes_write_at_once() -> None:
    quiz_rooms.open_room("talk", 7, ME)
    script = "import sys; from gan_core.digits.quiz_rooms import submit\n"
    script += "for i in range(20): assert submit('talk', 7, f'{sys.argv[1]}-{i}', i % 11)"
    children = [subprocess.Popen([sys.executable, "-c", script, str(n)], cwd=Path(__file__).parents[2]) for n in range(4)]
    assert [child.wait(120) for child in children] == [0] * 4
    assert sum(quiz_rooms.scores("talk")) == 80
