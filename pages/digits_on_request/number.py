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
from gan_core.translation import N_, _, language, ngettext
from pages.digits_on_request import samples
from pages.shared import html
from pages.shared.html import Markup, element

LEAST = 2.2  # CSS pixels a pixel of a digit; where a line would be smaller it is broken
LARGEST = 7
HANDS = {"one": N_("one"), "varied": N_("varied")}


def draw(run: Run, seed: int) -> None:
    """The text, how it is written, the line with the judge's readings, and the downloads."""
    text = st.text_input(
        _("Number"),
        datetime.date.today().isoformat(),
        max_chars=numbers.MOST + 8,
        key="number",
        bind="query-params",
        live=True,
        placeholder=_("a date, a phone number"),
        help=_("At most {n} digits from 0 to 9. Spaces, dots, dashes and slashes make gaps.").format(n=numbers.MOST),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        hand = st.segmented_control(
            _("Handwriting"),
            list(HANDS),
            format_func=lambda each: _(HANDS[each]),
            default="one",
            key="hand",
            required=True,
            bind="query-params",
            help=_("One z for all digits, or one for each."),
        )
        cells = st.toggle(
            _("Whole cells"),
            key="cells",
            bind="query-params",
            help=_("Shows all 28 × 28 pixels of each digit, not only the part with ink."),
        )
        smooth = st.toggle(_("Smooth"), value=True, key="smooth", bind="query-params", help=_("Enlarges without visible pixels."))
        space = st.slider(_("Gap in pixels"), 0, 12, 3, key="gap", bind="query-params", disabled=cells, width=180)
    try:
        tokens = numbers.read(text or "")
    except AtelierError as error:
        st.warning(str(error), icon=":material/keyboard:")
        return
    labels = numbers.digits(tokens)
    shown = samples.digits(run, seed, labels, one_z=hand != "varied")
    line = numbers.compose(shown.images, tokens, None if cells else min(max(0, space), 12))
    html.show(strip(line, tokens, shown.read, smooth, language()))
    told = _("digit {i}, a {asked}, as {read}")
    wrong = [told.format(i=i + 1, asked=labels[i], read=read) for i, read in enumerate(shown.read) if read != labels[i]]
    if wrong:
        st.markdown(f":red[:material/close:] {samples.misread(wrong, len(labels))}")
    elif shown.read:
        all_right = ngettext("The judge reads it as requested.", "The judge reads all {n} as requested.", len(labels))
        st.markdown(f":green[:material/check:] {all_right.format(n=len(labels))}")
    else:
        st.caption(_("The judge reads digits only, so nothing checks these images."))
    _downloads(line.ink, "".join("-" if token is None else str(token) for token in tokens), smooth)


@st.cache_data(max_entries=256, show_spinner=False)
def strip(line: numbers.Line, tokens: tuple[Token, ...], read: tuple[int, ...], smooth: bool, spoken: str) -> Markup:
    """The line as HTML: a picture a digit with its reading beneath; it breaks at its gaps, and within them, where it is too narrow.

    `spoken` is the language, which is part of the key.
    """
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
                    samples.named(labels[i], read[i] if read else None),
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
        aria_label=_("{text}, written by G").format(text="".join(" " if m is None else str(m) for m in tokens)),
        style="background:#000;color:#e8e8ec;border-radius:6px;padding:12px 10px 6px;display:flex;flex-wrap:wrap",
    )


def _piece(ink: np.ndarray, smooth: bool) -> bytes:
    return numbers.png(ink, 4 if smooth else 1, smooth)


def _downloads(ink: np.ndarray, name: str, smooth: bool) -> None:
    """The line as PNG, on black or transparent."""
    with st.container(horizontal=True):
        for label, make, ending in (
            (_("PNG, on black"), lambda: numbers.png(ink, smooth=smooth), ""),
            (_("Transparent, dark ink"), lambda: numbers.transparent(ink, numbers.DARK, smooth=smooth), "-dark-ink"),
            (_("Transparent, light ink"), lambda: numbers.transparent(ink, numbers.LIGHT, smooth=smooth), "-light-ink"),
        ):
            st.download_button(
                label, make, f"{name}{ending}.png", "image/png", on_click="ignore", icon=":material/download:", key=f"write{ending}"
            )
