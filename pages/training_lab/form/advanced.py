"""The settings of a recipe that can be changed, on scales that make sense; what cannot work together is refused with the reason."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from gan_core.gans import compatibility
from gan_core.gans.config import NO_USE_FOR_LABELS, RunConfig, most_labels
from gan_core.gans.objectives import OBJECTIVES
from gan_core.gans.recipes import Recipe
from pages.training_lab.form import devices

RATES = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
BATCHES = (8, 16, 32, 64, 128, 256, 512)
AVERAGES = (0.0, 0.9, 0.99, 0.995, 0.998, 0.999)
LABELS = (20, 50, 100, 1000)
PRECISIONS = ("float32", "bfloat16")


class Choices(NamedTuple):
    """What the fold stands at; the names are those of RunConfig."""

    networks: str
    settings: Recipe
    label_budget: int | None
    precision: str


def fold(config: RunConfig, data: str | None, device: str, key: str) -> Choices:
    """The fold of settings, standing at those of `config` until somebody changes them."""
    usual = config.settings
    with st.expander("Advanced", icon=":material/tune:"):
        st.caption("Nothing here can break: what cannot work together is said before it starts.")
        with st.grid(columns=2, min_column_width=150, gap="small"):
            rates = {network: _rate(network, getattr(usual, network).lr, key) for network in ("D", "G")}
            batch = st.select_slider("Batch", _scale(BATCHES, usual.batch), usual.batch, key=f"batch-{key}", persist_state="page")
            d_steps = st.number_input(
                "D's updates a step",
                1,
                10,
                min(10, usual.d_steps),
                key=f"d-steps-{key}",
                persist_state="page",
                disabled=usual.first == "G",
                help="This recipe moves G first, and D once after it." if usual.first == "G" else "How often D is updated before G is.",
            )
        own = usual.average or 0.0
        averages = sorted({*AVERAGES, own})
        average = st.selectbox(
            "Moving average of G",
            averages,
            averages.index(own),
            format_func=lambda v: f"{v:g}" if v else "none: G itself is shown",
            key=f"average-{key}",
            persist_state="page",
            help="What is shown is the mean of G over about 1 / (1 - this) steps: calmer pictures.",
        )
        networks = _networks(config, key)
        objective = _objective(config, networks, key)
        labels = _labels(config, OBJECTIVES[objective].names_classes, data, key)
        precision = _precision(config.precision, device, key)
    changes = {network: getattr(usual, network).model_copy(update={"lr": rate}) for network, rate in rates.items()}
    changes |= {"batch": batch, "d_steps": int(d_steps), "average": average or None}
    return Choices(networks, compatibility.with_objective(usual, objective).model_copy(update=changes), labels, precision)


def _rate(network: str, own: float, key: str) -> float:
    return st.select_slider(
        f"Learning rate of {network}",
        _scale(RATES, own),
        own,
        format_func=lambda v: f"{v:g}",
        key=f"lr-{network}-{key}",
        persist_state="page",
    )


def _precision(own: str, device: str, key: str) -> str:
    """What layers compute in, with what that brings here."""
    has = devices.bfloat16() if device == "cpu" else True
    here = {True: "", False: " The processor here has none of it, so it would be slower.", None: ""}[has]
    return st.segmented_control(
        "Precision",
        PRECISIONS,
        default=own,
        key=f"precision-{key}",
        persist_state="page",
        required=True,
        help="bfloat16 keeps 8 bits of every number that layers multiply: networks with many weights learn about one and a half "
        f"times as fast where the processor has it, small ones no faster.{here} Weights, losses and pictures stay float32.",
    )


def _labels(config: RunConfig, names_classes: bool, data: str | None, key: str) -> int | None:
    """Of how many images D is told the digit; greyed where D does not learn to name digits."""
    most = most_labels(data) if data else 0
    possible = [None, *sorted({n for n in (*LABELS, config.label_budget) if n is not None and n <= most})]
    chosen = st.selectbox(
        "Labelled images",
        possible,
        possible.index(config.label_budget) if config.label_budget in possible else 0,
        format_func=lambda n: "all of them" if n is None else f"{n:,} of them, as many of each class",
        key=f"labels-{data}-{key}",
        persist_state="page",
        disabled=not names_classes,
        help="Of the other images D learns only that they are real: semi-supervised, as in Salimans et al. 2016."
        if names_classes
        else NO_USE_FOR_LABELS,
    )
    return chosen if names_classes and chosen in possible else None


def _networks(config: RunConfig, key: str) -> str:
    """Those of the recipe, or those of the other one."""
    names = list(config.about.networks)
    chosen = st.selectbox(
        "Networks",
        names,
        names.index(config.networks),
        format_func=lambda name: f"of the {name} recipe" + (", as in the recipe" if name == config.recipe else ""),
        key=f"networks-{key}",
        persist_state="page",
        help="Which G and D play the game, whatever they descend: those of the source, or those that the stable recipe has.",
    )
    return chosen if chosen in names else config.networks


def _objective(config: RunConfig, networks: str, key: str) -> str:
    """The objectives that the networks allow, and why they do not allow the others."""
    reasons = compatibility.reasons(config.about, networks, config.settings)
    own = config.settings.objective.kind
    possible = [kind for kind, reason in reasons.items() if reason is None or kind == own]
    chosen = st.selectbox(
        "Objective",
        possible,
        possible.index(own),
        format_func=lambda k: OBJECTIVES[k].title + (", as in the recipe" if k == own else ""),
        key=f"objective-{key}" + ("" if networks == config.networks else f"-{networks}"),
        persist_state="page",
        help="What the two networks learn to do. With the usual constants; the recipe's own keeps its own.",
    )
    refused = [(kind, reason) for kind, reason in reasons.items() if kind not in possible and reason]
    if refused:
        with st.popover("Why not another objective?", icon=":material/block:", type="tertiary"):
            for kind, reason in refused:
                st.markdown(f":gray[{OBJECTIVES[kind].title}]")
                st.caption(reason)
    return chosen if chosen in possible else own


def _scale(scale: tuple[float, ...] | tuple[int, ...], own: float) -> list[float]:
    """The scale, with the recipe's own value on it."""
    return sorted({*(float(f"{v:g}") for v in scale), own}) if isinstance(own, float) else sorted({*scale, own})
