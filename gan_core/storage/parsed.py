"""Small files that hold one pydantic model, for readers who ask again and again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)
SETTLED = 1.0  # seconds after which a file that is written anew is sure to have another time stamp
_parsed: dict[tuple[Path, type[BaseModel]], tuple[tuple[int, int, int], BaseModel]] = {}


def read(path: Path, model: type[M], context: object = None) -> M:
    """What a file holds, parsed only once while the file stays as it is; `context` is pydantic's. Raises OSError, ValidationError."""
    found = path.stat()
    mark = (found.st_mtime_ns, found.st_size, found.st_ino)
    known = _parsed.get((path, model))
    if known and known[0] == mark and isinstance(known[1], model):
        return known[1]
    value = model.model_validate_json(path.read_bytes(), context=context)
    if time.time() - found.st_mtime > SETTLED:
        if len(_parsed) > 4096:
            _parsed.clear()
        _parsed[path, model] = mark, value
    return value
