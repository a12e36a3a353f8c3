"""Write a number: a date, a phone number, in one hand or in many, to look at and to take away."""

from __future__ import annotations

import datetime
from itertools import pairwise

import numpy as np
import streamlit as st

from gan_core.digits import numbers
from gan_core.digits.numbers import Token
from gan_core.errors import AtelierError
from gan_core.runs import Run
from pages.digits_on_request import samples
from pages.shared import html, latent_controls, models
from pages.shared.html import Markup, element

LEAST = 2.2  # CSS pixels a pixel of a digit; where a line would be smaller it is broken
LARGEST = 7


def draw(run: Run, seed: int) -> None:
    """The text, how it is written, the line with the judge's readings, and the downloads."""
    word = latent_controls.class_word(models.load(run)).lower()
    text = st.text_input(
        "A number",
        datetime.date.today().isoformat(),
        max_chars=numbers.MOST + 8,
        key="number",
        bind="query-params",
        live=True,
        placeholder="a date, a phone number",
        help=f"At most {numbers.MOST} digits 0 to 9; spaces, dots, dashes and slashes make gaps.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        hand = st.segmented_control(
            "Hand", ["one", "varied"], default="one", key="hand", required=True, bind="query-params", help="One z for all, or one each."
        )
        cells = st.toggle(
            "Whole cells", key="cells", bind="query-params", help="As G draws them, 28 pixels each, instead of cropped to ink."
        )
        smooth = st.toggle("Smooth", value=True, key="smooth", bind="query-params", help="Enlarged softly instead of pixel by pixel.")
        space = st.slider("Gap in pixels", 0, 12, 3, key="gap", bind="query-params", disabled=cells, width=180)
    try:
        tokens = numbers.read(text or "")
    except AtelierError as error:
        st.warning(str(error), icon=":material/keyboard:")
        return
    labels = numbers.digits(tokens)
    shown = samples.digits(run, seed, labels, one_z=hand != "varied")
    line = numbers.compose(shown.images, tokens, None if cells else min(max(0, space), 12))
    html.show(strip(line, tokens, shown.read, smooth, word))
    wrong = [i for i, read in enumerate(shown.read) if read != labels[i]]
    if wrong:
        told = ", ".join(f"number {i + 1}, asked for {labels[i]}, as {shown.read[i]}" for i in wrong[:4])
        st.markdown(f":red[:material/close: The judge reads {len(wrong)} of {len(labels)} otherwise]: {told}.")
    elif shown.read:
        st.markdown(f":green[:material/check:] The judge reads all {len(labels)} as asked.")
    else:
        st.caption("The judge reads digits only, so nobody checks these.")
    _downloads(line.ink, "".join("-" if token is None else str(token) for token in tokens), smooth)


@st.cache_data(max_entries=256, show_spinner=False)
def strip(line: numbers.Line, tokens: tuple[Token, ...], read: tuple[int, ...], smooth: bool, word: str) -> Markup:
    """The line as HTML: a picture a digit with its reading beneath; it breaks at its gaps, and within them, where it is too narrow."""
    width = line.ink.shape[1]
    edges = [0, *((a[1] + b[0]) // 2 for a, b in pairwise(line.places)), width]
    labels = numbers.digits(tokens)
    caption = "text-align:center;font-size:.8rem;line-height:1.6;white-space:nowrap"
    badge = "background:#b3261e;color:#fff;border-radius:3px;padding:0 4px;font-weight:600"
    looks = f"width:100%;display:block{'' if smooth else ';image-rendering:pixelated'}"
    figures = []
    for i, (left, right) in enumerate(pairwise(edges)):
        columns = right - left
        if read and read[i] != labels[i]:
            mark = element("span", f"✗\u00a0{read[i]}", style=badge)
        else:
            mark = element("span", str(read[i]) if read else "\u00a0", style="opacity:.75")
        figures.append(
            element(
                "figure",
                html.img(
                    _piece(line.ink[:, left:right], smooth),
                    f"{word} {labels[i]}" + (f", the judge reads {read[i]}" if read else ""),
                    looks,
                ),
                element("figcaption", mark, style=caption, aria_hidden="true"),
                style=f"margin:0;width:min(max({100 * columns / width:.3f}%,{LEAST * columns:.1f}px),{LARGEST * columns}px)",
            )
        )
    return element(
        "div",
        *figures,
        role="group",
        aria_label=f"{''.join(' ' if m is None else str(m) for m in tokens)}, written by G",
        style="background:#000;color:#e8e8ec;border-radius:6px;padding:12px 10px 6px;display:flex;flex-wrap:wrap",
    )


def _piece(ink: np.ndarray, smooth: bool) -> bytes:
    return numbers.png(ink, 4 if smooth else 1, smooth)


def _downloads(ink: np.ndarray, name: str, smooth: bool) -> None:
    """The line as PNG, on black or transparent."""
    with st.container(horizontal=True):
        for label, make, ending in (
            ("PNG, on black", lambda: numbers.png(ink, smooth=smooth), ""),
            ("Transparent, dark ink", lambda: numbers.transparent(ink, numbers.DARK, smooth=smooth), "-dark-ink"),
            ("Transparent, light ink", lambda: numbers.transparent(ink, numbers.LIGHT, smooth=smooth), "-light-ink"),
        ):
            st.download_button(
                label, make, f"{name}{ending}.png", "image/png", on_click="ignore", icon=":material/download:", key=f"write{ending}"
            )
