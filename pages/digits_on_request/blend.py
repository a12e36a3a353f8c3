"""Between two classes: shares of both asked of G at once, which training never did."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import streamlit as st

from gan_core.runs import Run
from gan_core.translation import _
from pages.digits_on_request import samples
from pages.digits_on_request.samples import Drawn
from pages.shared import components, images

STEPS = 41  # shares under the hand, 2.5 % apart
SHOWN = 5  # every fifth of them stands in the strip
_HERE = Path(__file__).parent
_between = components.declare(
    "gan_atelier_between", _HERE / "blend.js", html=(_HERE / "blend.html").read_text(encoding="utf-8"), css=_HERE / "blend.css"
)


def draw(run: Run, seed: int) -> None:
    """The two classes, the picture under the hand, and the strip."""
    options = list(range(run.config.about.classes))
    left, right = st.columns([2, 3], gap="large")
    with right:
        first = _class(_("From"), options, 3, "from")
        second = _class(_("To"), options, 8, "to")
        if first == second:
            st.info(_("Choose two different classes."), icon=":material/info:")
            return
        shown = samples.blends(run, seed, first, second, STEPS)
        strip = shown.images[::SHOWN]
        alt = _("Nine blends from {first} to {second}, from the same z").format(first=first, second=second)
        images.png(samples.mosaic(strip, len(strip)), alt, width=900)
        told = _("All are drawn from the z of seed {seed}. From left to right the share of {second} grows by 1/8.")
        st.caption(f"{told.format(seed=seed, second=second)} {_turning(shown)}")
        st.caption(
            _(
                ":material/science: G was trained on whole classes only. It was never asked for a mixture of two. You see how G fills the "
                "space between two classes. It did not learn this."
            )
        )
    with left:
        _between(
            key=f"between-{run.id}",
            data={
                "of": f"{first} {second}",
                "png": images.sprite(shown.images, STEPS),
                "told": [_told(shown, i, first, second) for i in range(STEPS)],
                "first": str(first),
                "second": str(second),
            },
        )


def _class(label: str, options: list[int], usual: int, key: str) -> int:
    chosen = st.segmented_control(label, options, default=usual, key=key, required=True, bind="query-params", wrap=True)
    return chosen if chosen in options else usual


def _told(shown: Drawn, i: int, first: int, second: int) -> str:
    share = 100 * i / (STEPS - 1)
    words = _("{rest:g} % {first}, {share:g} % {second}.").format(rest=100 - share, first=first, share=share, second=second)
    return f"{words} {samples.reading(shown, i)}" if shown.read else words


def _turning(shown: Drawn) -> str:
    """What the judge reads along the way."""
    if not shown.read:
        return ""
    return _("Along the way the judge reads {digits}.").format(digits=" → ".join(str(digit) for digit, _same in groupby(shown.read)))
