"""Measurements that stay: files of one JSON object a line beside the pages in docs/ that show them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read(path: Path) -> list[dict[str, Any]]:
    """All lines of a file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def add(path: Path, line: dict[str, Any]) -> None:
    """Adds a line to a file, which begins with it if there is none."""
    with path.open("a") as file:
        file.write(json.dumps(line, separators=(",", ":")) + "\n")
