"""All numbers of all runs: one table, its best values bold, and the evaluation of runs that have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from gan_core import jobs
from gan_core.evaluation.table import measure
from gan_core.runs import LIVE, Run
from gan_core.translation import N_, _
from pages.shared import task_panel
from pages.shared.run_picker import brief

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler


@dataclass(frozen=True)
class Column:
    """A column of the table: its heading, the field of evaluation.json it shows (if any), how, and what it means."""

    heading: str
    about: str
    field: str = ""
    form: str | None = None
    "format of Streamlit's number column; None for words"
    kind: str = "Float64"  # pandas' types that know missing values
    best: str = ""
    "max or min: which of its values is the best one, if any is better than another"


_FORMS = {"ratio": "%.1f", "share": "%.3f", "percent": "percent", "error": "%.4f", "count": "localized"}
"a measure's form -> the format of Streamlit's number column"
_MEASURES = {
    "fid10k_over_floor": "min",
    "precision10k": "max",
    "recall10k": "max",
    "coverage10k": "max",
    "class_accuracy": "max",
    "memorised": "min",
    "sine_rmse": "min",
}
"field of evaluation.json -> which is better"
NAME = N_("name")
COLUMNS = (
    Column(NAME, N_("GAN and recipe; of runs trained here also the end of their folder's name."), kind="string"),
    *(
        Column(each.heading, each.about, each.field, _FORMS[each.form], best=best)
        for each, best in ((measure(field), best) for field, best in _MEASURES.items())
    ),
    Column(N_("G parameters"), N_("How many weights training moves in the generator."), form="localized", kind="Int64"),
    Column(N_("D parameters"), N_("How many weights training moves in the discriminator."), form="localized", kind="Int64"),
    Column(N_("steps"), N_("How many steps it was trained."), form="localized", kind="Int64"),
    Column(N_("seconds"), N_("How long it was trained."), form="localized"),
    Column(N_("device"), N_("Where it was trained."), kind="string"),
    Column(N_("data"), N_("What it was trained on."), kind="string"),
    Column(N_("seed"), N_("Seed of the training."), form="%d", kind="Int64"),
    Column(N_("evaluated at"), measure("step").about, "step", _FORMS[measure("step").form], kind="Int64"),
    Column(N_("GAN"), N_("Which GAN."), kind="string"),
    Column(N_("recipe"), N_("Published: as its source says. Stable: changed so that it learns reliably."), kind="string"),
    Column(N_("run"), N_("Name of its folder."), kind="string"),
)
LETTER = 7.2  # pixels of a letter in the table


def table(runs: list[Run]) -> None:
    """All runs, a row each; a click on a heading sorts. What is not known is missing, never 0."""
    frame = as_frame(runs)
    widest = max(len(brief(run)) for run in runs)
    st.dataframe(
        styled(frame),
        hide_index=True,
        height="content" if len(frame) <= 12 else 460,
        placeholder="–",
        column_config={c.heading: _shown(c, widest) for c in COLUMNS},
        alt=_("All numbers of {n} runs, {evaluated} of them evaluated").format(
            n=len(frame), evaluated=sum(run.evaluation is not None for run in runs)
        ),
    )
    with st.expander(_("What the columns mean"), icon=":material/help:"):
        st.caption(_("The best value of a column is bold. Missing values were not measured."))
        for column in COLUMNS:
            st.markdown(f"**{_(column.heading)}**: {_(column.about)}")
    st.download_button(
        _("Download as CSV"),
        lambda: frame.to_csv(index=False),
        "gan-atelier-runs.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def as_frame(runs: list[Run]) -> pd.DataFrame:
    """The table: fractions as fractions, missing values missing."""
    rows = [_row(run) for run in runs]
    return pd.DataFrame({c.heading: pd.array([row.get(c.heading) for row in rows], dtype=c.kind) for c in COLUMNS})  # type: ignore[call-overload]


def styled(frame: pd.DataFrame) -> Styler:
    """The same with the best values of each column bold; in a column of one value nothing is best."""

    def bold(values: pd.Series, best: str) -> list[str]:
        known = values.dropna()
        top = getattr(known, best)() if len(known) > 1 else None
        return ["font-weight: 700" if top is not None and not pd.isna(v) and v == top else "" for v in values]

    shown = frame.style
    for column in COLUMNS:
        if column.best:
            shown = shown.apply(bold, best=column.best, subset=[column.heading])
    return shown


def panel(runs: list[Run]) -> None:
    """Evaluates a run that has no evaluation, or one of an earlier step, and follows it until the table has it."""
    todo = [run for run in runs if run.weights and run.status.state not in LIVE and not _current(run)]
    mine = [run for run in todo if task_panel.why_not_mine(run) is None]

    def evaluation() -> None:
        now = jobs.evaluating()
        for run in now:
            task_panel.progress(
                run.evaluation_task,
                _("Evaluating {run}").format(run=brief(run)),
                _("The table shows the result as soon as there is one."),
                words=True,
            )
        if mine and not now:
            _ask(mine)

    task_panel.follow(lambda: [run.id for run in jobs.evaluating()], evaluation)
    if not todo:
        st.caption(_("Every run here that can be has been evaluated."))
    elif not mine:
        st.caption(str(task_panel.why_not_mine(todo[0])))


def _ask(todo: list[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {run.id: run for run in todo}
        chosen = st.selectbox(
            _("Not evaluated yet"), list(names), format_func=lambda i: names[i].title if i in names else i, key="unevaluated", width=420
        )
        run = names.get(chosen, todo[0])
        reason = jobs.why_not_evaluate(run)
        clicked = st.button(_("Evaluate"), icon=":material/straighten:", disabled=reason is not None, help=reason)
    if reason:
        st.caption(reason)
    elif run.config.about.kind == "images":
        st.caption(_("It compares 10,000 samples with 10,000 real digits in a process of its own. It takes about half a minute."))
        if run.config.about.classes:
            st.caption(_("Then a classifier learns from the samples alone, which takes minutes."))
    else:
        st.caption(_("It fits a sine to each of 1,000 curves in a process of its own. It takes some seconds."))
    task_panel.failure(run.evaluation_task.failure, brief(run))
    if clicked:
        task_panel.attempt(lambda: jobs.evaluate(run))


def _current(run: Run) -> bool:
    """Was it evaluated as it now is?"""
    evaluation = run.evaluation
    return evaluation is not None and evaluation.get("step") == run.status.step


def _row(run: Run) -> dict[str, Any]:
    config, status = run.config, run.status
    evaluation, sizes = run.evaluation or {}, run.parameters or {}
    return {c.heading: evaluation.get(c.field) for c in COLUMNS if c.field} | {
        NAME: brief(run),
        "GAN": config.about.title,
        "recipe": config.recipe_title,
        "G parameters": sizes.get("G"),
        "D parameters": sizes.get("D"),
        "steps": status.step if status.updated else None,  # without a readable status nobody knows
        "seconds": round(status.seconds, 1) if status.updated else None,
        "device": status.device or None,
        "data": config.data,
        "seed": config.seed,
        "run": run.id,
    }


def _shown(column: Column, widest: int) -> Any:
    heading, about = _(column.heading), _(column.about)
    if column.heading == NAME:
        return st.column_config.TextColumn(heading, help=about, pinned=True, width=round(LETTER * widest) + 24)
    if column.form is None:
        return st.column_config.TextColumn(heading, help=about)
    return st.column_config.NumberColumn(heading, help=about, format=column.form)
