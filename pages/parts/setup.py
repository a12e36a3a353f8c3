"""The form in front of a training: which GAN, how, on what, for how long."""

from __future__ import annotations

import streamlit as st

from gan_core import jobs
from gan_core.config import MAX_STEPS, RunConfig, choices_of_data, configure
from gan_core.data import DATA_SETS, data_folder
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.variants import VARIANTS, Variant
from pages.parts import devices

RECIPES = ["stable", "published"]
VARIANT = "variant"  # the query parameter


def variant() -> Variant:
    """Which GAN; also from the address (?variant=...)."""
    names = list(VARIANTS)
    asked = st.query_params.get(VARIANT, names[0])
    st.session_state[VARIANT] = asked if asked in names else names[0]

    def remember() -> None:
        st.query_params[VARIANT] = st.session_state[VARIANT]

    name = st.selectbox("GAN", names, format_func=lambda n: f"{VARIANTS[n].title} ({VARIANTS[n].year})", key=VARIANT, on_change=remember)
    chosen = VARIANTS[name]
    st.markdown(chosen.idea)
    return chosen


def recipe(chosen: Variant) -> str:
    """Stable or published, with what that means for this GAN."""
    name = st.segmented_control("Recipe", RECIPES, default="stable", key="recipe", required=True, bind="query-params")
    if name == "published":
        st.caption("Faithful to its source, so it may fail as the source's would. " + _list("Differs: ", chosen.differs))
    else:
        st.caption("Learns every time. " + _list("Changes: ", chosen.stable))
    with st.expander("Source"):
        st.markdown(chosen.source)
    return name if name in chosen.recipes else "stable"


def data(chosen: Variant) -> str | None:
    """Which data set; None if it is not on this machine, with how to get it."""
    names = choices_of_data(chosen)
    best = chosen.data if DATA_SETS[chosen.data].present else "digits-5k"
    name = st.selectbox(
        "Data",
        names,
        index=names.index(best),
        format_func=lambda n: DATA_SETS[n].title + ("" if DATA_SETS[n].present else " — not on this machine"),
        key=f"data-{chosen.kind}-{chosen.data}",
        persist_state="page",
    )
    if name not in names:
        return None
    st.caption(DATA_SETS[name].about)
    if not DATA_SETS[name].present:
        st.info(f"{DATA_SETS[name].title} is not on this machine yet. Fetch it once, with a network:", icon=":material/download:")
        st.code(f"python -m gan_core download {name}", language="bash")
        st.caption(f"Or copy its files into `{data_folder().name}/{DATA_SETS[name].folder}/raw`. The built-in digits need neither.")
        return None
    return name


def budget(chosen: Variant, recipe_name: str) -> dict[str, int | float]:
    """How long: as steps or as seconds."""
    kind = st.segmented_control("Train for", ["steps", "seconds"], default="seconds", key="budget", persist_state="page", required=True)
    if kind == "steps":
        usual = chosen.recipes[recipe_name].steps
        steps = st.number_input(
            "Steps",
            1,
            MAX_STEPS,
            usual,
            step=1000 if usual > 1000 else 100,
            key=f"steps-{chosen.name}-{recipe_name}",
            persist_state="page",
            help="A step is one round of updates of both networks.",
        )
        st.caption(f"A full training takes {usual:,} steps.")
        return {"steps": int(steps)}
    return {"seconds": float(st.number_input("Seconds of training", 5, 86_400, 60, step=30, key="seconds", persist_state="page"))}


def seed_and_device() -> tuple[int, str]:
    """The seed that makes it repeatable, and where it runs."""
    left, right = st.columns(2)
    seed = left.number_input(
        "Seed",
        0,
        2**32 - 1,
        0,
        step=1,
        key="training_seed",
        persist_state="page",
        help="The same settings and seed give the same training.",
    )
    there = devices.offered()
    device = right.selectbox(
        "Device", there, format_func=devices.NAMES.__getitem__, key="device", persist_state="page", disabled=len(there) == 1
    )
    return int(seed), device if device in there else "cpu"


def places() -> str:
    """How many trainings this machine takes, and how many it has."""
    try:
        return f"{len(jobs.training())} of {jobs.limit()} places taken on this machine."
    except AtelierError as error:
        return str(error)


def start(config: RunConfig) -> Run | None:
    """Starts it in a process of its own; None if it cannot, which is then said."""
    try:
        return jobs.start(config)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return None


def configured(**values: object) -> RunConfig | None:
    """The validated configuration; None if something does not fit, which is then said."""
    try:
        return configure(**values)  # type: ignore[arg-type]
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return None


def _list(lead: str, parts: tuple[str, ...]) -> str:
    return lead + "; ".join(parts) + "." if parts else lead + "nothing."
