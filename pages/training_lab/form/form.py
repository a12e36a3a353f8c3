"""The form in front of a training: how, on what, for how long."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core import jobs
from gan_core.data import DATA_SETS, data_folder
from gan_core.errors import AtelierError
from gan_core.gans.config import MAX_STEPS, RunConfig, choices_of_data
from gan_core.gans.variants import QUICK, VARIANTS
from gan_core.gans.variants.entry import Variant
from gan_core.runs import Run
from pages.shared import visitors
from pages.training_lab.form import devices, draft, variant_cards
from pages.training_lab.form.draft import RECIPE


def recipe(chosen: Variant) -> str:
    """Stable or published, with what that means for this GAN; the address has it (?recipe=...)."""
    names = [name for name in ("stable", "published") if name in chosen.recipes]
    addressed = st.query_params.get(RECIPE, names[0])
    st.session_state[RECIPE] = addressed if addressed in names else names[0]

    def remember() -> None:
        st.query_params[RECIPE] = st.session_state[RECIPE]

    name = st.segmented_control("Recipe", names, key=RECIPE, required=True, on_change=remember)
    if name == "published":
        st.caption("Faithful to its source, so it may fail as the source's would.")
    else:
        st.caption("Learns every time.")
    return name if name in names else names[0]


def source(chosen: Variant, recipe_name: str) -> None:
    """Where this GAN comes from, and what the recipe makes of it; folded, so that the button stays in sight."""
    published = recipe_name == "published"
    with st.expander("Source, and what differs from it" if published else "Source, and what is changed"):
        st.markdown(chosen.source)
        for part in (chosen.differs if published else chosen.stable) or ("nothing",):
            st.markdown(f"- {part}")


def data(chosen: Variant) -> str | None:
    """Which data set; None if it is not on this machine, with how to get it."""
    number, config = draft.kept()
    names = choices_of_data(chosen)
    best = config.data if config and config.data in names else chosen.data
    best = best if DATA_SETS[best].present else "digits-5k"
    name = st.selectbox(
        "Data",
        names,
        index=names.index(best),
        format_func=lambda n: DATA_SETS[n].title + ("" if DATA_SETS[n].present else " — not on this machine"),
        key=f"data-{chosen.kind}-{chosen.data}" + (f"-{number}" if number else ""),
        persist_state="page",
    )
    if name not in names:
        return None
    if not DATA_SETS[name].present:
        st.info(f"{DATA_SETS[name].title} is not on this machine yet. Fetch it once, with a network:", icon=":material/download:")
        st.code(f"python -m gan_core download {name}", language="bash")
        st.caption(f"Or copy its files into `{data_folder().name}/{DATA_SETS[name].folder}/raw`. The built-in digits need neither.")
        return None
    return name


def budget(start: RunConfig, key: str) -> dict[str, Any]:
    """How long: as steps or as seconds."""
    number, config = draft.kept()
    kinds = ["seconds", "steps"]
    at = "steps" if config and config.seconds is None else "seconds"
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    kind = left.segmented_control(
        "Train for", kinds, default=at, key="budget" + (f"-{number}" if number else ""), persist_state="page", required=True
    )
    if kind == "steps":
        usual = start.settings.steps
        value = usual if start.seconds is not None else start.steps
        steps = right.number_input(
            "Steps",
            1,
            MAX_STEPS,
            value,
            step=1000 if usual > 1000 else 100,
            key=f"steps-{key}",
            persist_state="page",
            help=f"A step is one round of updates of both networks. A full training by this recipe takes {usual:,}.",
        )
        return {"steps": int(steps)}
    quick = start.variant == QUICK and start.recipe == "stable"
    seconds = right.number_input(
        "Seconds of training",
        5,
        86_400,
        int(start.seconds or (20 if quick else 60)),
        step=5 if quick else 30,
        key=("seconds-quick" if quick else "seconds") + (f"-{number}" if number else ""),
        persist_state="page",
    )
    return {"seconds": float(seconds)}


def seed_and_device() -> tuple[int, str]:
    """The seed that makes it repeatable, and where it runs."""
    number, config = draft.kept()
    suffix = f"-{number}" if number else ""
    left, right = st.columns(2)
    seed = left.number_input(
        "Seed",
        0,
        2**32 - 1,
        config.seed if config else 0,
        step=1,
        key=f"training_seed{suffix}",
        persist_state="page",
        help="The same settings and seed give the same training.",
    )
    there = devices.offered()
    device = right.selectbox(
        "Device",
        there,
        there.index(config.device) if config and config.device in there else 0,
        format_func=devices.NAMES.__getitem__,
        key=f"device{suffix}",
        persist_state="page",
        disabled=len(there) == 1,
    )
    return int(seed), device if device in there else "cpu"


def tensorboard() -> bool:
    """Are event files wanted?"""
    number, config = draft.kept()
    return st.checkbox(
        "Keep TensorBoard event files",
        bool(config and config.tensorboard),
        key="tensorboard" + (f"-{number}" if number else ""),
        persist_state="page",
        help="The same curves and pictures, in the run's folder, for `tensorboard --logdir`. Needs the package tensorboard.",
    )


def places() -> str:
    """How many trainings this machine takes, and how many it has."""
    try:
        jobs.dispatch()  # what waits for a place that has come free
        return f"{len(jobs.training())} of {jobs.slots()} places taken on this machine; who comes later waits for a place."
    except AtelierError as error:
        return str(error)


def submit(config: RunConfig, title: str = "") -> Run:
    """Puts it into the queue as this visitor's. Raises AtelierError if it cannot be."""
    return jobs.submit(config, owner=visitors.me(), title=title)


def variant() -> Variant:
    """The variant that the cards stand at."""
    return VARIANTS[variant_cards.choice()]
