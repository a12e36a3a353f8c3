"""Between two classes: shares of both asked of G at once, which training never did."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import streamlit as st

from gan_core.runs import Run
from pages.digits_on_request import samples
from pages.digits_on_request.samples import Drawn
from pages.shared import components, images, latent_controls, models

STEPS = 41  # shares under the hand, 2.5 % apart
SHOWN = 5  # every fifth of them stands in the strip
_HERE = Path(__file__).parent
_HTML = """
<div class="between">
  <div class="big" role="img"></div>
  <p class="said"></p>
  <div class="deck">
    <button class="play" type="button" aria-label="Play">▶</button>
    <span class="first end"></span>
    <input class="scrub" type="range" min="0" value="0" aria-label="Share of the second class">
    <span class="second end"></span>
  </div>
</div>
"""
_between = components.declare("gan_atelier_between", _HERE / "blend.js", html=_HTML, css=_HERE / "blend.css")


def draw(run: Run, seed: int) -> None:
    """The two classes, the picture under the hand, and the strip."""
    word = latent_controls.class_word(models.load(run)).lower()
    options = list(range(run.config.about.classes))
    left, right = st.columns([2, 3], gap="large")
    with right:
        first = _class("From", options, 3, "from")
        second = _class("To", options, 8, "to")
        if first == second:
            st.info(f"Choose two different ones: between {first} and {first} there is only {first}.", icon=":material/info:")
            return
        shown = samples.blends(run, seed, first, second, STEPS)
        strip = shown.images[::SHOWN]
        images.png(samples.mosaic(strip, len(strip)), f"Nine blends from {first} to {second}, from the same z", width=900)
        st.caption(f"Shares of {second}: 0, 1/8 .. 1, from the z of seed {seed}. {_turning(shown)}")
        st.caption(
            f":material/science: G was trained on whole classes only. A share of two is something it was never asked for: what you "
            f"see is how it fills the space between two {word}s, not something it learned."
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
    words = f"{100 - share:g} % {first}, {share:g} % {second}"
    return f"{words}. The judge reads {shown.read[i]}, {shown.sure[i]:.0%} sure." if shown.read else words


def _turning(shown: Drawn) -> str:
    """What the judge reads along the way."""
    if not shown.read:
        return ""
    return f"Along the way the judge reads {', then '.join(str(digit) for digit, _ in groupby(shown.read))}."
