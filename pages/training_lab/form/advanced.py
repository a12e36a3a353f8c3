"""The settings of a recipe that can be changed, on scales that make sense; what cannot work together is refused with the reason."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gan_core.gans import compatibility
from gan_core.gans.config import NO_USE_FOR_LABELS, most_labels
from gan_core.gans.objectives import OBJECTIVES
from gan_core.translation import _
from pages.training_lab.form import devices
from pages.training_lab.form.address import PRECISIONS, Wanted
from pages.training_lab.form.draft import Draft

RATES = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
BATCHES = (8, 16, 32, 64, 128, 256, 512)
D_STEPS = tuple(range(1, 11))
AVERAGES = (0.0, 0.9, 0.99, 0.995, 0.998, 0.999)
LABELS = (20, 50, 100, 1000)


def fields(draft: Draft, wanted: Wanted) -> Wanted:
    """`wanted` with what the fields of these settings stand at; they begin at those of the draft."""
    usual = draft.wanted.settings
    with st.grid(columns=2, min_column_width=150, gap="small"):
        rates = {
            "D": _rate(_("Learning rate of D"), usual.D.lr, draft.key("lr-D")),
            "G": _rate(_("Learning rate of G"), usual.G.lr, draft.key("lr-G")),
        }
        batch = st.select_slider(_("Batch size"), _scale(BATCHES, usual.batch), usual.batch, key=draft.key("batch"))
        d_steps = st.select_slider(
            _("Updates of D per step"),
            _scale(D_STEPS, usual.d_steps),
            usual.d_steps,
            key=draft.key("d-steps"),
            disabled=usual.first == "G",
            help=_("This recipe updates G first, and D once after it.")
            if usual.first == "G"
            else _("How often D is updated before G is updated once."),
        )
    own = usual.average or 0.0
    averages = sorted({*AVERAGES, own})
    average = st.selectbox(
        _("Moving average of G"),
        averages,
        averages.index(own),
        format_func=lambda value: f"{value:g}" if value else _("none: G itself is shown"),
        key=draft.key("average"),
        help=_("The samples come from the mean of G over about 1 / (1 - this) steps, which makes them calmer."),
    )
    networks = _networks(draft)
    objective = _objective(draft, networks)
    changed = replace(wanted, networks=networks, settings=compatibility.with_objective(usual, objective))
    labels = _labels(draft, changed)
    precision = _precision(draft, wanted.device)
    changes: dict[str, object] = {"D": usual.D.model_copy(update={"lr": rates["D"]}), "G": usual.G.model_copy(update={"lr": rates["G"]})}
    changes |= {"batch": int(batch), "d_steps": int(d_steps), "average": average or None}
    return replace(changed, settings=changed.settings.model_copy(update=changes), label_budget=labels, precision=precision)


def _rate(label: str, own: float, key: str) -> float:
    return st.select_slider(label, _scale(RATES, own), own, format_func=lambda v: f"{v:g}", key=key)


def _precision(draft: Draft, device: str) -> str:
    """What layers compute in, with what that brings here."""
    words = _(
        "bfloat16 keeps 8 bits of every number that layers multiply. Networks with many weights then learn about one and a half times "
        "as fast where the processor has it, small ones no faster. Weights, losses and pictures stay float32."
    )
    if device == "cpu" and devices.bfloat16() is False:
        words = _("The processor here has no bfloat16, so it would be slower.") + " " + words
    return st.segmented_control(
        _("Precision"), PRECISIONS, default=draft.wanted.precision, key=draft.key("precision"), required=True, help=words
    )


def _labels(draft: Draft, wanted: Wanted) -> int | None:
    """Of how many images D is told the digit; greyed where D does not learn to name digits."""
    names_classes = OBJECTIVES[wanted.settings.objective.kind].names_classes
    own, most = draft.wanted.label_budget, most_labels(wanted.data)
    possible = [None, *sorted({n for n in (*LABELS, own) if n is not None and n <= most})]
    chosen = st.selectbox(
        _("Labelled images"),
        possible,
        possible.index(own) if own in possible else 0,
        format_func=lambda n: _("all of them") if n is None else _("{n} of them, as many of each class").format(n=f"{n:,}"),
        key=f"{draft.key('labels')}-{wanted.data}",
        disabled=not names_classes,
        help=_("Of the other images D learns only that they are real: semi-supervised, as in Salimans et al. 2016.")
        if names_classes
        else _(NO_USE_FOR_LABELS),
    )
    return chosen if names_classes and chosen in possible else None


def _networks(draft: Draft) -> str:
    """Those of the recipe, or those of the other one."""
    wanted = draft.wanted
    names = list(wanted.about.networks)

    def titled(name: str) -> str:
        words = _("of the {recipe} recipe, as in the recipe") if name == wanted.recipe else _("of the {recipe} recipe")
        return words.format(recipe=name)

    chosen = st.selectbox(
        _("Networks"),
        names,
        names.index(wanted.networks),
        format_func=titled,
        key=draft.key("networks"),
        help=_("Which G and D are trained: those of the source, or those of the stable recipe."),
    )
    return chosen if chosen in names else wanted.networks


def _objective(draft: Draft, networks: str) -> str:
    """The objectives that the networks allow, and why they do not allow the others."""
    wanted = draft.wanted
    reasons = compatibility.reasons(wanted.about, networks, wanted.settings)
    own = wanted.settings.objective.kind
    possible = [kind for kind, reason in reasons.items() if reason is None or kind == own]
    chosen = st.selectbox(
        _("Objective"),
        possible,
        possible.index(own),
        format_func=lambda kind: (
            _("{title}, as in the recipe").format(title=_(OBJECTIVES[kind].title))
            if kind == wanted.about.recipes[wanted.recipe].objective.kind
            else _(OBJECTIVES[kind].title)
        ),
        key=draft.key("objective") + ("" if networks == wanted.networks else f"-{networks}"),
        help=_("What the two networks learn to do. With the usual constants; the recipe's own keeps its own."),
    )
    refused = [(kind, reason) for kind, reason in reasons.items() if kind not in possible and reason]
    if refused:
        with st.popover(_("Why not another objective?"), icon=":material/block:", type="tertiary"):
            for kind, reason in refused:
                st.markdown(f":gray[{_(OBJECTIVES[kind].title)}]")
                st.caption(reason)
    return chosen if chosen in possible else own


def _scale(scale: tuple[float, ...] | tuple[int, ...], own: float) -> list[float]:
    """The scale, with the draft's own value on it."""
    return sorted({*(float(f"{v:g}") for v in scale), own}) if isinstance(own, float) else sorted({*scale, own})
