"""A - B + C with samples: what B has and C has not is taken from A, and the other way round."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from gan_core.trained import paths
from gan_core.translation import N_, _
from pages.shared import images, latent_controls, run_status
from pages.shared.latent_point import Point

HERE, SEED = N_("this sample"), N_("a seed")
SIDE = 132  # CSS pixels of a picture
CELLS = (("A", 0), ("− B", 1), ("+ C", 2))
Go = Callable[[Point], None]
Marks = Sequence[tuple[str, Point]]


def draw(point: Point, go: Go | None = None, marks: Marks = ()) -> None:
    """Three cells, each this sample, a bookmark of the same generator or a seed's; and what their z come to.

    `go` is called with the result when the visitor wants to go on from there.
    """
    model = point.model
    kept = {name: mark for name, mark in marks if mark.model.run.id == model.run.id}
    chosen: list[Point] = []
    row = st.grid(columns=4, min_column_width=140, gap="medium")
    for words, seed in CELLS:
        with row.container():
            chosen.append(_cell(words, seed, point, kept))
    a, b, c = chosen
    result = Point(model, paths.arithmetic(model.prior, a.z, b.z, c.z), a.y)
    with row.container():
        st.markdown("**=**")
        _picture(result, f"{model.run.id}-result", "A − B + C")
        if go is not None:
            label = _("Explore from here")
            st.button(label, icon=":material/arrow_outward:", on_click=go, args=(result,), key="arithmetic-go", width="stretch")
    sentences = [_("z = z(A) − z(B) + z(C)."), model.prior.combination_in_words, _("With B = C the result is A.")]
    if a.digit is not None:
        sentences.append(_("All are drawn as {digit}, the class of A.").format(digit=a.digit))
    st.caption(" ".join(sentences))


def _cell(words: str, seed: int, point: Point, kept: dict[str, Point]) -> Point:
    """Which sample stands in a cell, and its picture."""
    options = [HERE, *kept, SEED]
    st.markdown(f"**{words}**")
    picture = st.container()  # above its controls, so that the pictures stand in a row
    what = st.selectbox(
        words,
        options,
        0 if seed == 0 else len(options) - 1,
        format_func=_,
        key=f"arithmetic-{seed}",
        label_visibility="collapsed",
        persist_state="page",
    )
    chosen = kept.get(what, point)
    if what == SEED:
        number = st.number_input(
            _("Seed of {cell}").format(cell=words),
            0,
            latent_controls.SEEDS,
            seed,
            key=f"arithmetic-seed-{seed}",
            label_visibility="collapsed",
            persist_state="page",
        )
        chosen = Point(point.model, point.model.latents(1, min(max(int(number), 0), latent_controls.SEEDS)), point.y)
    shown = Point(chosen.model, chosen.z, point.y)
    with picture:
        _picture(shown, f"{point.model.run.id}-{seed}", f"{words}: {_(what)}")
    return shown


def _picture(point: Point, key: str, alt: str) -> None:
    if point.model.variant.kind == "images":
        images.array(point.model.grey(point.x)[0], alt, SIDE)
    else:
        run_status.sampled_curves(
            {"x": point.model.abscissae.tolist(), "real": [], "fake": point.x.tolist()}, key=f"arithmetic-{key}", alt=alt
        )
