"""The variants as cards: what each draws, how big it is, how fast it was here."""

from __future__ import annotations

import streamlit as st

from gan_core import runs
from gan_core.gans.variants import QUICK, VARIANTS
from gan_core.runs import Run
from pages.shared import images
from pages.training_lab.form import forecast

VARIANT = "variant"  # the query parameter


def choice() -> str:
    """The chosen variant's name; the address has it (?variant=...), else it is the quick one."""
    name = st.query_params.get(VARIANT, "")
    return name if name in VARIANTS else QUICK


def draw(chosen: str, paces: forecast.Paces, recipe: str) -> None:
    """A card for each variant; its button chooses it."""
    shown: dict[str, Run] = {}
    for run in runs.shipped():
        shown.setdefault(run.config.variant, run)
    with st.grid(min_column_width=108, gap="small"):
        for variant in VARIANTS.values():
            known = shown.get(variant.name)
            with st.container(gap="small", height="stretch"):
                if not (known and images.thumbnail(known, f"Samples of {variant.title}")):
                    st.caption(":material/hourglass_empty: no picture yet")
                st.button(
                    variant.title,
                    key=f"card-{variant.name}",
                    type="primary" if variant.name == chosen else "secondary",
                    on_click=_choose,
                    args=(variant.name,),
                    help=f"{variant.idea} ({variant.year})",
                    width="stretch",
                )
                rate = next(
                    (r for (name, by, _, precision), r in paces.items() if (name, by, precision) == (variant.name, recipe, "float32")), None
                )
                facts = [forecast.size(known), f"{rate:,.0f} steps/s here" if rate else ""]
                st.caption(" · ".join(fact for fact in facts if fact) or "size not known yet")


def _choose(name: str) -> None:
    st.query_params[VARIANT] = name
