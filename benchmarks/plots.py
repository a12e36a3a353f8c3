"""How the figures and tables in docs/ look."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any


def pyplot() -> ModuleType:
    """matplotlib.pyplot, set to draw SVG files whose bytes depend on nothing but what is drawn."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {
        "svg.hashsalt": "gan-atelier",
        "svg.fonttype": "none",
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    import matplotlib.pyplot as plt

    return plt


def decades(axis: Any, subs: Sequence[float]) -> None:
    """A logarithmic axis upwards, with plain numbers at these multiples of each power of ten."""
    from matplotlib.ticker import LogLocator, NullLocator

    axis.set_yscale("log")
    axis.yaxis.set_major_locator(LogLocator(subs=subs))
    axis.yaxis.set_major_formatter("{x:g}")
    axis.yaxis.set_minor_locator(NullLocator())


def save(figure: Any, path: Path) -> None:
    """Writes a figure of `pyplot` as SVG, and closes it."""
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot().close(figure)
    print(f"drew {path.name}")


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (heads, *rows)]
    return [lines[0], "| --- " * len(heads) + "|", *lines[1:]]
