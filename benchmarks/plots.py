"""How the figures in docs/ look."""

from types import ModuleType


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
