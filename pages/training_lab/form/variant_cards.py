"""The variants as cards, each with a few samples of the run that comes with the project; on a telephone a strip to be swiped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from gan_core import runs
from gan_core.gans.variants import VARIANTS
from gan_core.runs import Run
from gan_core.translation import _
from pages.shared import components, images
from pages.training_lab.form import forecast

_HERE = Path(__file__).parent
_cards = components.declare(
    "gan_atelier_variants",
    _HERE / "variant_cards.js",
    html='<div class="cards" role="group"></div>',
    css=_HERE / "variant_cards.css",
)
_KEY = "variants"


def draw(chosen: str, choose: Callable[[str], None]) -> None:
    """A card for each variant; a click calls `choose` with its name, before the page is drawn anew."""
    shown: dict[str, Run] = {}
    for run in runs.shipped():
        shown.setdefault(run.config.variant, run)  # the stable one comes first

    def clicked() -> None:
        name = st.session_state[_KEY].get("chosen")
        if name in VARIANTS:
            choose(name)

    _cards(
        key=_KEY,
        data={"label": _("Which GAN?"), "chosen": chosen, "cards": [_card(name, shown.get(name)) for name in VARIANTS]},
        on_chosen_change=clicked,
    )


def _card(name: str, known: Run | None) -> dict[str, str]:
    variant = VARIANTS[name]
    size = forecast.size(known)
    return {
        "name": name,
        "title": _(variant.title),
        "about": f"{_(variant.idea)} ({variant.year})",
        "facts": size or str(variant.year),
        "picture": (images.small(known.samples[-1]) if known and known.samples else "") or "",
        "alt": _("Samples of {title}").format(title=_(variant.title)),
        "missing": _("no picture yet"),
    }
