"""Runs beside each other: what they draw from one seed, what their D says of it, and their curves over one another."""

from __future__ import annotations

import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError
from gan_core.runs import Run
from pages.shared import charts, histogram, history, images, latent_controls, models, run_status
from pages.shared.run_picker import brief

CELLS, COLUMNS = 40, 10  # of a grid of images: a column for each class, where there are classes
SCORED = 500  # samples shown to D
DASHES = ("solid", "dash", "dot", "dashdot")  # runs are told apart by more than colour
AXES = {"steps": "step", "samples seen": "real samples shown to D", "seconds": "seconds of training"}


def latents_in_words(runs: list[Run], seed: int) -> None:
    """Do they draw from the same z? Runs whose priors agree do."""
    priors = {run.id: run.config.about.prior for run in runs}
    kinds = list(dict.fromkeys(priors.values()))
    if len(kinds) == 1:
        st.caption(f"The same z for all, drawn from {kinds[0]} with seed {seed}: what differs is what the networks make of it.")
        return
    who = "; ".join(f"{kind} for {' and '.join(brief(run) for run in runs if priors[run.id] == kind)}" for kind in kinds)
    st.info(
        f"Their priors differ, so z cannot be the same for all. Each draws from its own prior with seed {seed}: {who}.",
        icon=":material/call_split:",
    )


def samples(run: Run, seed: int) -> None:
    """What one run draws from the z of this seed. Raises AtelierError if it cannot be loaded."""
    model = models.opened(run)
    if model.variant.kind == "curves":
        content = latent_controls.many_curves(model, seed)
        run_status.sampled_curves(content, key=f"beside-{run.id}", alt=f"16 curves of {brief(run)} from seed {seed}")
        st.caption("16 curves" + (" over real ones." if content["real"] else "."))
        return
    k = model.variant.classes
    y = tuple(i % k for i in range(CELLS)) if k else None
    images.png(
        models.grid(run, seed, CELLS, COLUMNS, y),
        f"{CELLS} images of {brief(run)} from seed {seed}" + (", a column for each class" if k else ""),
        width=596,
    )
    word = latent_controls.class_word(model).lower()
    st.caption(f"A column for each {word}, 0 to {k - 1}." if k else "It has no classes: digits come as they come.")


def scores(run: Run, seed: int) -> None:
    """How D's scores of its own samples and of real data are distributed. Raises AtelierError if it cannot be loaded."""
    objective = run.config.settings.objective
    probable = objective.probabilistic
    own, real = models.verdicts(run, seed, SCORED)
    low, high = (0.0, 1.0) if probable else histogram.ends([*own, *real])
    shown = [("real data", "real", real), ("its own samples", "fake", own)]
    charts.draw(
        [charts.trace(name, role, *histogram.steps(v, low, high), shape="hv", fill=True, width=1.4) for name, role, v in shown if v],
        key=f"scores-{run.id}",
        alt=f"What D of {brief(run)} says: " + ", ".join(f"of {name} {sum(v) / len(v):.3g} on average" for name, _, v in shown if v) + ".",
        x_title="D's probability of “real”" if probable else f"{objective.score_noun}, no probability",
        y_title="share",
        x_range=(low, high),
        height=230,
        hover="closest",
    )
    if not real:
        st.caption(f"{DATA_SETS[run.config.data].title} is not on this machine, so D cannot be asked about real data.")


def losses(runs: list[Run], axis: str) -> None:
    """The losses of the runs over one another, D's and G's."""
    objectives = dict.fromkeys(run.config.settings.objective.kind for run in runs)
    if len(objectives) > 1:
        st.warning(
            f"These losses are not comparable: the runs have different objectives ({', '.join(objectives)}). A lower curve is not a better "
            "GAN. Compare their shapes, and the table above for what they are worth.",
            icon=":material/balance:",
        )
    else:
        st.caption(
            f"One objective ({next(iter(objectives))}), yet each loss is measured against the run's own opponent: lower is not better. "
            "The table above says what they are worth."
        )
    left, right = st.columns(2, gap="large")
    for place, title, name in (
        (left, "**Loss** of :blue[the discriminator]", "D/loss"),
        (right, "**Loss** of :orange[the generator]", "G/loss"),
    ):
        with place:
            st.markdown(title)
            _overlay(runs, {name: ""}, axis, "loss")


def verdicts(runs: list[Run], axis: str) -> None:
    """D(x) and D(G(z)) over the training: probabilities in one chart, critics' values in another."""
    for probable in (True, False):
        alike = [run for run in runs if run.config.settings.objective.probabilistic == probable]
        if not alike:
            continue
        if probable:
            st.markdown("**Probability of “real” that D gives** to real samples x (thick) and to generated ones G(z) (thin)")
        else:
            nouns = dict.fromkeys(run.config.settings.objective.score_noun.capitalize() for run in alike)
            st.markdown(f"**{' or '.join(nouns)}** of real samples x (thick) and of generated ones G(z) (thin)")
            st.caption("No probability, and every D has a scale of its own: what can be compared is how far apart the two curves are.")
        _overlay(
            alike, {"D(x)": "", "D(G(z))": "G(z)"}, axis, "probability" if probable else "value", probable, [runs.index(r) for r in alike]
        )


def along(run: Run, x: list[float], axis: str) -> list[float]:
    """Steps or seconds as they are; steps as real samples seen, where the axis shows these."""
    if axis != "samples seen":
        return x
    status = run.status
    return [step * status.images / max(1, status.step) for step in x]


def _overlay(
    runs: list[Run], names: dict[str, str], axis: str, y_title: str, probable: bool = False, places: list[int] | None = None
) -> None:
    """Curves of all runs in one chart; a run keeps its colour and dash, by its place among the runs chosen."""
    traces = []
    for place, run in zip(places or range(len(runs)), runs, strict=True):
        kept = history.of(run)
        for i, (name, suffix) in enumerate(names.items()):
            x, y = kept.curve(name, "seconds" if axis == "seconds" else "step")
            x = along(run, x, axis)
            label = f"{brief(run)} {suffix}".strip()
            traces.append(charts.trace(label, f"run{place + 1}", x, y, width=1.2 if i else 2.2, dash=DASHES[place]))
    values = [v for t in traces for v in t["y"]]
    if not values:
        st.info("These runs have recorded nothing yet.", icon=":material/show_chart:")
        return
    spans = [high - low for low, high in (charts.steady(t["y"], 0.0) for t in traces if t["y"])]
    unlike = not probable and max(spans) > 8 * min(spans)
    charts.draw(
        traces,
        key=f"{'-'.join(names)}-{probable}-{axis}-{'-'.join(run.id for run in runs)}".replace("/", ""),
        alt=f"{' and '.join(names)} over {axis}, last values: "
        + ", ".join(f"{t['name']} {t['y'][-1]:.3g}" for t in traces if t["y"])
        + ".",
        x_title=AXES[axis],
        x_range=(0.0, max(x for t in traces for x in t["x"])),
        y_range=(0.0, 1.0) if probable else None if unlike else charts.steady(values, 0.0),
        y_title=y_title,
        line=0.5 if probable else None,
        height=320,
    )
    if unlike:
        st.caption("Their scales differ widely: a click on a name hides that run, and the axis follows.")


def each(runs: list[Run], seed: int) -> None:
    """Samples and scores of every run, a column each; one that cannot be loaded says why in its place."""
    with st.grid(columns=2 if len(runs) == 4 else len(runs), min_column_width=280, gap="medium"):
        for run in runs:
            with st.container():
                st.markdown(f"**{brief(run)}** :gray[· {run.status.step:,} steps]")
                try:
                    samples(run, seed)
                    scores(run, seed)
                except AtelierError as error:
                    st.error(str(error), icon=":material/error:")
