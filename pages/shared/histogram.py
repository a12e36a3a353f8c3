"""The distribution of some scores, as steps of a chart."""

from __future__ import annotations

import math
from collections.abc import Sequence

BINS = 31  # odd, so that 1/2 lies within a bin


def ends(values: Sequence[float]) -> tuple[float, float]:
    """A range that holds the finite ones of these values with a little room."""
    known = [v for v in values if math.isfinite(v)] or [0.0]
    pad = 0.02 * (max(known) - min(known)) or 0.5
    return min(known) - pad, max(known) + pad


def steps(values: Sequence[float], low: float, high: float) -> tuple[list[float], list[float]]:
    """The edges of BINS bins from low to high, and the share of the values in each; a 0 closes the last step.

    What lies outside counts for the first or the last bin; what is not finite for none.
    """
    counts = [0] * BINS
    for value in values:
        if math.isfinite(value):
            counts[min(BINS - 1, max(0, int((value - low) / (high - low) * BINS)))] += 1
    edges = [low + (high - low) * i / BINS for i in range(BINS + 1)]
    return edges, [count / len(values) for count in counts] + [0.0]
