"""Classes by styles: a grid with one z a row and one class a column, every cell a door into the explorer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gan_core.runs import Run
from gan_core.translation import _
from pages.digits_on_request import samples
from pages.shared import components, images, latent_controls, links, run_picker

_HERE = Path(__file__).parent
_grid = components.declare(
    "gan_atelier_styles", _HERE / "style_grid.js", html='<div class="grid" role="grid"></div>', css=_HERE / "style_grid.css"
)


def draw(run: Run, seed: int) -> None:
    """The grid, and a slider for its rows. A click leaves this page."""
    rows = st.slider(_("Styles"), 2, 12, 6, key="styles", bind="query-params", help=_("One z per row. Each row takes the next seed."))
    rows, k = min(max(2, rows), 12), run.config.about.classes
    seed = min(seed, latent_controls.SEEDS - rows)
    seeds = [seed + row for row in range(rows)]
    shown = samples.styles(run, seed, rows)
    read = shown.read
    wrong = [i for i, digit in enumerate(read) if digit != i % k]
    right, other = _("class {label}, seed {seed}"), _("class {label}, seed {seed}, the judge reads {read}")
    names = [
        other.format(label=i % k, seed=seeds[i // k], read=read[i]) if i in wrong else right.format(label=i % k, seed=seeds[i // k])
        for i in range(rows * k)
    ]
    places = [{"run": run.id, "seed": str(seeds[i // k]), **run_picker.at_class(i % k)} for i in range(rows * k)]
    addresses = [links.relative(links.LATENT_SPACE, place) for place in places]
    key = f"styles-{run.id}"

    def stand_there() -> None:
        """The seed belongs to a widget, so the address can have it from there only, and only before that is drawn."""
        if (cell := _cell(st.session_state.get(key, {}).get("cell"), rows * k)) is not None:
            st.session_state["seed"] = seeds[cell // k]

    chosen = _grid(
        key=key,
        data={
            "links": addresses,
            "columns": k,
            "seeds": seeds,
            "cells": names,
            "wrong": wrong,
            "png": images.sprite(shown.images, k),
            "seed": _("seed"),
            "label": _("{rows} styles of every class. Enter opens one in Latent space.").format(rows=rows),
        },
        on_cell_change=stand_there,
    ).cell
    sentences = [_("Each row has one z, each column one class. Click a picture to move through the latent space from there.")]
    if wrong:
        sentences.append(_("The judge misreads {wrong} of {n} (✗).").format(wrong=len(wrong), n=rows * k))
    elif read:
        sentences.append(_("The judge reads all {n} as requested.").format(n=rows * k))
    st.caption(" ".join(sentences))
    if (cell := _cell(chosen, rows * k)) is not None:
        st.switch_page(links.LATENT_SPACE.file, query_params={"run": run.id, **run_picker.at_class(cell % k)})


def _cell(said: object, cells: int) -> int | None:
    """The cell that was clicked, if the page speaks of one there is."""
    return said if isinstance(said, int) and 0 <= said < cells else None
