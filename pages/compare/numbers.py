"""Three numbers for each run, which anybody can read: how real, how varied, how legible its samples are. What is not known is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gan_core.data import DIGITS
from gan_core.runs import Run
from gan_core.translation import N_, _


@dataclass(frozen=True)
class Number:
    """A word, its value as a text, and the part of a bar that it fills (None: no bar)."""

    word: str
    text: str = "–"
    share: float | None = None

    def sent(self) -> dict[str, Any]:
        """For the browser."""
        return {"word": _(self.word), "text": self.text, "share": None if self.share is None else min(1.0, max(0.0, self.share))}


REALNESS, VARIETY, LEGIBILITY = N_("Realness"), N_("Variety"), N_("Legibility")
ERROR, AMPLITUDE, PHASES = N_("Error"), N_("Amplitude"), N_("Phases")
MEANINGS = {
    REALNESS: N_(
        "**Realness**: the share of samples that lie among real digits (precision). Of 10,000 samples where the run was evaluated, else of "
        "the last 1,000 that its training measured."
    ),
    VARIETY: N_("**Variety**: how much the pixels of the last sample grid vary, as a share of how much those of real images do."),
    LEGIBILITY: N_(
        "**Legibility**: how many images of the last sample grid a classifier can read. Where G is asked for a digit, as that digit."
    ),
    ERROR: N_("**Error**: how far the curves of the last sample grid are from the sine that fits each best (median). 0 is perfect."),
    AMPLITUDE: N_("**Amplitude**: how high their waves are."),
    PHASES: N_("**Phases**: how many of eight equal parts of the circle their phases fall into."),
}


def of(run: Run) -> list[Number]:
    """The numbers of a run, always the same ones for runs of one kind."""
    try:
        look: dict[str, Any] = (run.looks or [{}])[-1]
    except ValueError:
        look = {}
    if run.config.about.kind == "curves":
        found = [_plain(ERROR, look.get("rmse")), _plain(AMPLITUDE, look.get("amplitude"))]
        return [*found, _counted(PHASES, look.get("phases"), 8)] if run.config.data == "sine-family" else found
    if run.config.data not in DIGITS:
        return [_percent(VARIETY, look.get("variety"))]
    return [
        _percent(REALNESS, _precision(run)),
        _percent(VARIETY, look.get("variety")),
        _counted(LEGIBILITY, look.get("legible"), look.get("n")),
    ]


def _precision(run: Run) -> float | None:
    """Of its evaluation, if that is of its newest step; else of its newest probe."""
    evaluation = run.evaluation or {}
    if evaluation.get("step") == run.status.step and "precision10k" in evaluation:
        return evaluation["precision10k"]
    try:
        known = [probe["precision1k"] for probe in run.probes if "precision1k" in probe]
    except ValueError:
        known = []
    return known[-1] if known else None


def _percent(word: str, value: float | None) -> Number:
    return Number(word) if value is None else Number(word, f"{value:.0%}", value)


def _plain(word: str, value: float | None) -> Number:
    return Number(word) if value is None else Number(word, f"{value:.3f}")


def _counted(word: str, value: float | None, of_all: int | None) -> Number:
    if value is None or not of_all:
        return Number(word)
    return Number(word, _("{n} of {all}").format(n=int(value), all=of_all), value / of_all)


def meanings(runs: list[Run]) -> list[str]:
    """What the words mean that stand below these runs."""
    words = dict.fromkeys(number.word for run in runs for number in of(run))
    return [_(MEANINGS[word]) for word in words]
