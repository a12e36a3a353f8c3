"""The measures of an evaluation, said once: heading, field of evaluation.json, what it means, how it is written. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gan_core import runs

Form = Literal["count", "ratio", "share", "percent", "percent in full", "error"]
_WRITTEN: dict[Form, str] = {
    "count": "{:,}",
    "ratio": "{:.1f}",
    "share": "{:.3f}",
    "percent": "{:.1%}",
    "percent in full": "{:.2%}",
    "error": "{:.4f}",
}


@dataclass(frozen=True)
class Measure:
    """One number of evaluation.json."""

    heading: str
    field: str
    form: Form
    about: str

    def written(self, value: float) -> str:
        """The value as people read it."""
        return _WRITTEN[self.form].format(value)


MEASURES = (
    Measure("steps", "step", "count", "The step at which it was evaluated."),
    Measure(
        "fid10k / floor",
        "fid10k_over_floor",
        "ratio",
        "Distance of 10,000 samples to the test images over that of real ones: 1 is perfect.",
    ),
    Measure("precision", "precision10k", "share", "Share of samples that look like real digits."),
    Measure("recall", "recall10k", "share", "Share of real digits that look like samples."),
    Measure("coverage", "coverage10k", "share", "Share of real digits that have a sample near them."),
    Measure("digits", "digits_covered", "count", "How many of the ten digits are among the samples."),
    Measure(
        "class accuracy", "class_accuracy", "percent", "How often the judge reads the digit that was asked for; conditional GANs only."
    ),
    Measure(
        "GAN-train", "gan_train_accuracy", "percent", "Share of real digits read right by a classifier that learned from samples alone."
    ),
    Measure("memorised", "memorised", "percent", "Share of samples nearer to a training image than real test images are."),
    Measure("SSGAN error", "ssgan_test_error", "percent in full", "Share of test images that D, as a classifier, names wrongly."),
    Measure("sine RMSE", "sine_rmse", "error", "Error of the best fitting sine; GANs of curves only."),
)


def measure(field: str) -> Measure:
    """The measure of that field of evaluation.json."""
    return next(each for each in MEASURES if each.field == field)


def markdown() -> str:
    """One Markdown row for each shipped run that has been evaluated."""
    lines = ["| run | " + " | ".join(each.heading for each in MEASURES) + " |", "| --- " * (len(MEASURES) + 1) + "|"]
    for run in runs.shipped():
        if found := run.evaluation:
            cells = [each.written(found[each.field]) if each.field in found else "" for each in MEASURES]
            lines.append(f"| `{run.id}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)
