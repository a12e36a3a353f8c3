"""The table of the comparison, as Markdown."""

from __future__ import annotations

from statistics import median

from benchmarks.plots import markdown

Key = tuple[str, str, str]  # variant, side, way
Rates = dict[Key, list[float]]  # steps/s, a figure a round
Work = dict[Key, float]  # floating-point operations a step

OURS = ("ours", "published")
LOWER = ("ours", "bfloat16")  # the same, in that precision
HEADS = (
    "variant", "Keras, as the text [steps/s (threads)]", "Keras, fastest", "plain PyTorch", "ours, published", "to Keras",
    "to fastest", "to plain",
    "GFLOP a step: plain, ours", "share of the limit: Keras, plain, ours", "ours in bfloat16", "to Keras", "to plain",
    "ours, stable (other networks)",
)  # fmt: skip


def best(rates: dict[int, Rates]) -> tuple[Rates, dict[Key, int]]:
    """Of the rates for each number of threads those with the greatest median, and with how many threads that is."""
    keys = next(iter(rates.values()))
    chosen = {key: max(rates, key=lambda threads: median(rates[threads][key])) for key in keys}
    return {key: rates[threads][key] for key, threads in chosen.items()}, chosen


def table(variants: list[str], rates: Rates, work: Work, limit: float, threads: dict[Key, int]) -> list[str]:
    """A row a variant: medians over the rounds, ratios of ours within a round, and shares of the limit [FLOP/s].

    `threads`: with how many threads a rate is, to be said beside it; empty if all have as many.
    """
    rows = []
    for variant in variants:

        def rate(side: str, way: str, variant: str = variant) -> str:
            found = rates.get((variant, side, way))
            beside = f" ({threads[variant, side, way]})" if (variant, side, way) in threads else ""
            return f"{_short(median(found))}{beside}" if found else "–"

        def ratio(side: str, way: str, variant: str = variant, mine: tuple[str, str] = OURS) -> str:
            theirs = rates.get((variant, side, way))
            return f"{median(a / b for a, b in zip(rates[variant, *mine], theirs, strict=True)):.2f}" if theirs else "–"

        def share(side: str, way: str, variant: str = variant) -> str:
            found = rates.get((variant, side, way))
            return f"{median(found) * work[variant, side, way] / limit:.0%}" if found else "–"

        cells = [f"`{variant}`", rate("keras", "text"), rate("keras", "fastest"), rate("plain", "tutorial"), f"**{rate(*OURS)}**"]
        cells += [ratio("keras", "text"), ratio("keras", "fastest"), ratio("plain", "tutorial")]
        cells += [f"{work[variant, 'plain', 'tutorial'] / 1e9:.3g}, {work[variant, *OURS] / 1e9:.3g}"]
        cells += [f"{share('keras', 'fastest')}, {share('plain', 'tutorial')}, {share(*OURS)}", rate(*LOWER)]
        cells += [ratio("keras", "text", mine=LOWER), ratio("plain", "tutorial", mine=LOWER), rate("ours", "stable")]
        rows.append(cells)
    return markdown(HEADS, rows)


def _short(rate: float) -> str:
    return f"{rate:.0f}" if rate >= 100 else f"{rate:.1f}" if rate >= 10 else f"{rate:.2f}"
