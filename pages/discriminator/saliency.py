"""Where a discriminator looks when it judges a digit: two maps of the digit, and what its first layer sees."""

from __future__ import annotations

import numpy as np
import streamlit as st

from gan_core.runs import Run
from gan_core.trained import saliency, scores
from gan_core.translation import N_, _, language
from pages.discriminator import score_cards
from pages.shared import images, models, run_picker

_REAL = N_("How real is it?")


def draw(digit: np.ndarray, read_as: int) -> None:
    """Choose a D and a question; both maps of the digit, and the filters."""
    runs = score_cards.candidates()
    if not runs:
        return
    titles = {run.id: run_picker.brief(run) for run in runs}
    ids = list(titles)
    usual = next((i for i, run in enumerate(runs) if run.shipped and _names_digits(run) and run.config.recipe == "stable"), 0)
    left, right = st.columns(2, gap="large")
    chosen = left.selectbox(_("Discriminator of"), ids, usual, format_func=lambda i: titles.get(i, i), key="where-run")
    run = runs[ids.index(chosen)]
    model = models.load(run)
    questions = [_(_REAL), *(_("Is it a {digit}?").format(digit=d) for d in range(10))] if _names_digits(run) else [_(_REAL)]
    question = right.selectbox(_("Question to D"), questions, key=f"where-asked-{len(questions)}")
    at = questions.index(question) if question in questions else 0
    ask = scores.ask_real(model, read_as) if at == 0 else saliency.asking(model.D, at - 1)
    x, black = scores.image(digit, model), model.G.pixels[0]
    first, second = st.columns(2, gap="large")
    with first:
        heat = saliency.gradient_times_input(ask, x, black)
        images.array(saliency.coloured(heat, digit), _("Gradient times input: which ink supports the answer, and which opposes it"), 280)
        st.caption(_("**Gradient × input**: how much the ink of each pixel adds to the answer, to first order."))
    with second:
        heat = saliency.occlusion(ask, x, black)
        images.array(saliency.coloured(heat, digit), _("Occlusion: how much the answer falls when a square is hidden"), 280)
        told = _("**Occlusion**: how much the answer falls when a square of {n} × {n} pixels is hidden.")
        st.caption(told.format(n=saliency.HIDDEN))
    told = _(":blue[Blue] supports the answer, :orange[orange] opposes it. Each map has its own scale.")
    if model.variant.classes and at == 0:
        told += " " + _("D is told that this is a {digit}.").format(digit=read_as)
    st.caption(told)
    what, picture = _filters(str(run.folder), run.weights.name if run.weights else "", language())
    with st.expander(_("First layer: {what}").format(what=what), icon=":material/grid_view:"):
        images.array(picture, _("Weights of the first layer: {what}").format(what=what), 620)
        st.caption(_("Blue weights are positive: ink there raises the output. Orange weights are negative. Each has its own scale."))


def _names_digits(run: Run) -> bool:
    return run.config.settings.objective.names_classes


@st.cache_data(max_entries=64, show_spinner=False)
def _filters(folder: str, weights: str, spoken: str) -> tuple[str, np.ndarray]:
    # The language is part of the key: the first of both is a text.
    what, maps = saliency.first_layer(models.opened(Run(folder)).D)
    scale = max(1, round(36 / maps.shape[1]))
    return what, saliency.tiles(maps, 16 if maps.shape[1] < 28 else 8, scale)
