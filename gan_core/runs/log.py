"""What the processes of a run printed."""

from __future__ import annotations

from pathlib import Path

_HEADING = "Traceback (most recent call last):"
_BETWEEN = ("The above exception was the direct cause", "During handling of the above exception")


def last_line(log: Path) -> str:
    """The last line of a log that is not empty; empty if there is none."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def last_traceback(log: str) -> str | None:
    """The last traceback in a log, with those it grew out of."""
    lines = log.splitlines()
    headings = [i for i, line in enumerate(lines) if line == _HEADING]
    if not headings:
        return None
    first = headings.pop()
    stack_ends = next((i for i in range(first + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    last = next((i for i in range(stack_ends, len(lines)) if not lines[i].strip()), len(lines))
    while headings and any(line.startswith(_BETWEEN) for line in lines[max(0, first - 3) : first]):
        first = headings.pop()
    return "\n".join(lines[first:last])
