"""JSON lines: one object a line, appended; readers pass over a line that a killed process tore. NaN is null there."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any


def read(path: Path, offset: int) -> tuple[list[dict[str, Any]], int]:
    """The objects on the lines from byte `offset` on, null as NaN, and the offset after the last whole line.

    Read from its beginning, a file gives all that can be understood; ValueError if `offset` does not lie between two lines.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            whole, _, _ = file.read().rpartition(b"\n")
    except FileNotFoundError:
        return [], offset
    if not whole:
        return [], offset
    objects = []
    for line in whole.splitlines():
        try:
            objects.append({name: _or_nan(value) for name, value in json.loads(line).items()})
        except (ValueError, AttributeError):
            if offset:
                raise ValueError(f"byte {offset} of {path} is not where a line begins") from None
    return objects, offset + len(whole) + 1


def encode(objects: list[dict[str, Any]]) -> str:
    """One JSON object a line; a number that is not finite becomes null, for JSON knows no others."""
    finite = ({name: _or_null(value) for name, value in each.items()} for each in objects)
    return "".join(json.dumps(each, separators=(",", ":"), allow_nan=False) + "\n" for each in finite)


def _or_null(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _or_null(each) for name, each in value.items()}
    return [_or_null(each) for each in value] if isinstance(value, list) else value


def _or_nan(value: Any) -> Any:
    if value is None:
        return math.nan
    if isinstance(value, dict):
        return {name: _or_nan(each) for name, each in value.items()}
    return [_or_nan(each) for each in value] if isinstance(value, list) else value
