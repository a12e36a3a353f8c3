"""Rooms for the quiz: many play the same ten images, and their scores are seen together.

Kept in one SQLite file in the runs folder. No personal data: a row is a score and a digest of a random number that the visitor's browser
keeps, mixed with the room's name, so that a reload does not count twice and nobody is recognised in another room.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from gan_core import runs
from gan_core.digits.quiz import QUESTIONS, SEEDS
from gan_core.errors import AtelierError
from gan_core.translation import _

FILE = ".rooms.sqlite3"
PATIENCE = 20.0  # seconds to wait for others who write; they need milliseconds
MOST_ROOMS, MOST_EACH, MOST_SCORES = 500, 20, 5_000  # rooms in all, rooms of one visitor, scores in a room
DAYS = 30.0  # a room is forgotten after so long
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,23}")
_first = threading.Lock()
_TABLES = """
CREATE TABLE IF NOT EXISTS rooms (name TEXT PRIMARY KEY, seed INTEGER NOT NULL, opener TEXT NOT NULL, opened REAL NOT NULL);
CREATE TABLE IF NOT EXISTS scores (
  room TEXT NOT NULL REFERENCES rooms (name) ON DELETE CASCADE, visitor TEXT NOT NULL, score INTEGER NOT NULL, PRIMARY KEY (room, visitor)
);
"""


class Room(NamedTuple):
    """A room that is open."""

    name: str
    seed: int
    "of the quiz that is played in it"
    opener: str

    def is_of(self, visitor: str) -> bool:
        """Did this visitor open it?"""
        return self.opener == _digest(self.name, visitor)


def checked_name(name: str) -> str:
    """The name of a room as it is kept: lower case. Raises AtelierError if it is none."""
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise AtelierError(_("A room's name has 1 to 24 letters, digits, - or _. It begins with a letter or digit."))
    return name.lower()


def open_room(name: str, seed: int, visitor: str) -> Room:
    """Opens a room, or gives it another quiz and clears it if it is this visitor's already.

    Raises AtelierError if the name does not do, if it is somebody else's, or if there are too many.
    """
    name = checked_name(name)
    if not 0 <= seed < SEEDS:
        raise AtelierError(_("seed = {seed} does not fit: choose 0 to {seeds:,}.").format(seed=seed, seeds=SEEDS - 1))
    room = Room(name, seed, _digest(name, visitor))
    with _writing() as db:
        db.execute("DELETE FROM rooms WHERE opened < ?", (time.time() - DAYS * 86_400,))
        found = _find(db, name)
        if found and not found.is_of(visitor):
            raise AtelierError(_("Somebody else has a room “{name}” open already. Choose another name.").format(name=name))
        names = [n for (n,) in db.execute("SELECT name FROM rooms")]
        own = sum(_find(db, n).is_of(visitor) for n in names)  # type: ignore[union-attr]  # it was there a moment ago, under the same lock
        if not found and (len(names) >= MOST_ROOMS or own >= MOST_EACH):
            raise AtelierError(_("Too many rooms are open. Close one of yours first."))
        db.execute("DELETE FROM rooms WHERE name = ?", (name,))
        db.execute("INSERT INTO rooms VALUES (?, ?, ?, ?)", (*room, time.time()))
    return room


def find(name: str) -> Room | None:
    """The open room of that name."""
    try:
        name = checked_name(name)
    except AtelierError:
        return None
    if not path().is_file():
        return None
    with _reading() as db:
        return _find(db, name)


def submit(name: str, seed: int, visitor: str, score: int) -> bool:
    """Keeps a visitor's score in a room: the first one counts. False if it was there already, or if another quiz is played there now.

    Raises AtelierError if there is no such room, or if it cannot be written.
    """
    if not 0 <= score <= QUESTIONS:
        raise AtelierError(
            _("score = {score} does not fit: it is a number from 0 to {questions}.").format(score=score, questions=QUESTIONS)
        )
    with _writing() as db:
        room = _find(db, name)
        if room is None:
            raise AtelierError(_("This room is closed, so your score was not added."))
        (kept,) = db.execute("SELECT COUNT(*) FROM scores WHERE room = ?", (name,)).fetchone()
        if room.seed != seed or kept >= MOST_SCORES:
            return False
        return db.execute("INSERT OR IGNORE INTO scores VALUES (?, ?, ?)", (name, _digest(name, visitor), score)).rowcount == 1


def scores(name: str) -> list[int]:
    """How many visitors of the room had 0, 1 .. 10 right."""
    counts = [0] * (QUESTIONS + 1)
    if path().is_file():
        with _reading() as db:
            for score, n in db.execute("SELECT score, COUNT(*) FROM scores WHERE room = ? GROUP BY score", (name,)):
                counts[score] = n
    return counts


def clear(name: str, visitor: str) -> None:
    """Forgets all scores of a room. Raises AtelierError unless this visitor opened it."""
    with _writing() as db:
        _own(db, name, visitor)
        db.execute("DELETE FROM scores WHERE room = ?", (name,))


def close(name: str, visitor: str) -> None:
    """Forgets a room and all its scores. Raises AtelierError unless this visitor opened it."""
    with _writing() as db:
        _own(db, name, visitor)
        db.execute("DELETE FROM rooms WHERE name = ?", (name,))


def path() -> Path:
    """Where the rooms are kept."""
    return runs.own_folder() / FILE


def _own(db: sqlite3.Connection, name: str, visitor: str) -> None:
    room = _find(db, name)
    if room is None or not room.is_of(visitor):
        raise AtelierError(_("Only the person who opened this room can do that."))


def _find(db: sqlite3.Connection, name: str) -> Room | None:
    row = db.execute("SELECT name, seed, opener FROM rooms WHERE name = ?", (name,)).fetchone()
    return Room(*row) if row else None


def _digest(room: str, visitor: str) -> str:
    return hashlib.sha256(f"{room}/{visitor}".encode()).hexdigest()[:24]


@contextmanager
def _connected() -> Iterator[sqlite3.Connection]:
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path(), timeout=PATIENCE, isolation_level=None)) as db:
            with _first:  # changing to WAL does not wait for others, as everything else here does
                _prepare(db)
            yield db
    except (sqlite3.Error, OSError) as error:
        raise AtelierError(
            _("The scores of the rooms cannot be kept in {folder}: {error}.").format(folder=path().parent, error=error)
        ) from error


def _prepare(db: sqlite3.Connection) -> None:
    """Write-ahead log (readers and a writer do not wait for each other) and tables, where they are not there yet."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                db.execute("PRAGMA journal_mode = WAL")
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'scores'").fetchone():
                db.executescript(_TABLES)
            break
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA foreign_keys = ON")


_reading = _connected


@contextmanager
def _writing() -> Iterator[sqlite3.Connection]:
    """One transaction, alone among writers; nothing of it stays if it fails."""
    with _connected() as db:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
