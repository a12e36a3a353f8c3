"""The measures of an evaluation, said once: heading, field of evaluation.json, what it means, how it is written. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gan_core import runs
from gan_core.translation import N_

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
    Measure(N_("steps"), "step", "count", N_("The step at which it was evaluated.")),
    Measure(
        N_("fid10k / floor"),
        "fid10k_over_floor",
        "ratio",
        N_("Distance of 10,000 samples to the test images, divided by that of real images. 1 is perfect."),
    ),
    Measure(N_("precision"), "precision10k", "share", N_("Share of samples that look like real digits.")),
    Measure(N_("recall"), "recall10k", "share", N_("Share of real digits that look like samples.")),
    Measure(N_("coverage"), "coverage10k", "share", N_("Share of real digits that have a sample near them.")),
    Measure(N_("digits"), "digits_covered", "count", N_("How many of the ten digits are among the samples.")),
    Measure(
        N_("class accuracy"),
        "class_accuracy",
        "percent",
        N_("How often the judge reads the digit that was asked for. Conditional GANs only."),
    ),
    Measure(
        N_("GAN-train"), "gan_train_accuracy", "percent", N_("Accuracy on real digits of a classifier that learned from samples alone.")
    ),
    Measure(N_("memorised"), "memorised", "percent", N_("Share of samples nearer to a training image than real test images are.")),
    Measure(N_("SSGAN error"), "ssgan_test_error", "percent in full", N_("Share of test images that D, as a classifier, names wrongly.")),
    Measure(N_("sine RMSE"), "sine_rmse", "error", N_("Error of the best fitting sine. GANs of curves only.")),
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
