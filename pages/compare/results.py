"""What runs are worth: one table of all of them, and the evaluation of those that have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from gan_core import jobs
from gan_core.evaluation.table import measure
from gan_core.runs import LIVE, Run
from pages.shared import task_panel
from pages.shared.run_picker import brief


@dataclass(frozen=True)
class Column:
    """A column of the table: its heading, the field of evaluation.json it shows (if any), how, and what it means."""

    heading: str
    about: str
    field: str = ""
    form: str | None = None
    "format of Streamlit's number column; None for words"
    kind: str = "Float64"  # pandas' types that know missing values
    pinned: bool = False


_FORMS = {"ratio": "%.1f", "share": "%.3f", "percent": "percent", "error": "%.4f", "count": "localized"}
"a measure's form -> the format of Streamlit's number column"
_MEASURES = ("fid10k_over_floor", "precision10k", "recall10k", "coverage10k", "class_accuracy", "memorised", "sine_rmse")
COLUMNS = (
    Column("GAN", "Which variant.", kind="string", pinned=True),
    Column("recipe", "Published: as its source says. Stable: learns every time.", kind="string"),
    *(Column(each.heading, each.about, each.field, _FORMS[each.form]) for each in map(measure, _MEASURES)),
    Column("G parameters", "How many numbers training moves in the generator.", form="localized", kind="Int64"),
    Column("D parameters", "How many numbers training moves in the discriminator.", form="localized", kind="Int64"),
    Column("steps", "Rounds of updates it was trained for.", form="localized", kind="Int64"),
    Column("seconds", "Training time.", form="localized"),
    Column("device", "Where it was trained.", kind="string"),
    Column("data", "What it was trained on.", kind="string"),
    Column("seed", "Seed of the training.", form="%d", kind="Int64"),
    Column("evaluated at", measure("step").about, "step", _FORMS[measure("step").form], kind="Int64"),
    Column("run", "Name of its folder.", kind="string"),
)


def table(runs: list[Run]) -> None:
    """All runs, a row each; a click on a heading sorts. What is not known is missing, never 0."""
    frame = as_frame(runs)
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 12 else 460,
        placeholder="–",
        column_config={c.heading: _shown(c) for c in COLUMNS},
        alt=f"What {len(frame)} runs are worth, {sum(run.evaluation is not None for run in runs)} of them evaluated",
    )
    st.download_button(
        "Download as CSV",
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


def panel(runs: list[Run]) -> None:
    """Evaluates a run that has no evaluation, or one of an earlier step, and follows it until the table has it."""
    todo = [run for run in runs if run.weights and run.status.state not in LIVE and not _current(run)]
    mine = [run for run in todo if task_panel.why_not_mine(run) is None]

    def evaluation() -> None:
        now = jobs.evaluating()
        for run in now:
            task_panel.progress(
                run.evaluation_task, f"Evaluating {brief(run)}", "The table shows the result as soon as there is one.", words=True
            )
        if mine and not now:
            _ask(mine)

    task_panel.follow(lambda: [run.id for run in jobs.evaluating()], evaluation)
    if not todo:
        st.caption("Every run here that can be has been evaluated.")
    elif not mine:
        st.caption(str(task_panel.why_not_mine(todo[0])))


def _ask(todo: list[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {run.id: run for run in todo}
        chosen = st.selectbox(
            "Not evaluated yet", list(names), format_func=lambda i: names[i].title if i in names else i, key="unevaluated", width=420
        )
        run = names.get(chosen, todo[0])
        reason = jobs.why_not_evaluate(run)
        clicked = st.button("Evaluate", icon=":material/straighten:", disabled=reason is not None, help=reason)
    if reason:
        st.caption(reason)
    elif run.config.about.kind == "images":
        learning = " A classifier then learns from its samples alone, which takes minutes." if run.config.about.classes else ""
        st.caption(f"10,000 samples against 10,000 real digits, in a process of its own: about half a minute.{learning}")
    else:
        st.caption("1,000 curves, a sine fitted to each, in a process of its own: some seconds.")
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


def _shown(column: Column) -> Any:
    if column.form is None:
        return st.column_config.TextColumn(column.heading, help=column.about, pinned=column.pinned)
    return st.column_config.NumberColumn(column.heading, help=column.about, format=column.form)
