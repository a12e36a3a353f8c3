"""Work on a run in a process of its own, other than its training."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError


class Evaluating(BaseModel):
    """An evaluation, or a search for directions, in a process of its own; the content of evaluating.json and finding.json.

    It has ended when its process has.
    """

    pid: int
    process_started: float
    asked: float
    "when it was asked for [s since 1970]; a result is its result if it was written since"


def asked_in(path: Path) -> Evaluating | None:
    try:
        return Evaluating.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
