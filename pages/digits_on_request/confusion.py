"""How often G draws what it is asked for: every digit many times, as the judge reads them."""

from __future__ import annotations

import math

import streamlit as st

from gan_core.runs import Run
from pages.digits_on_request import samples
from pages.shared import html
from pages.shared.html import Markup

EACH = 200  # images of every digit


def draw(run: Run) -> None:
    """The accuracy in words, and the table of asked and read."""
    if not samples.judged(run):
        st.info(f"The judge reads digits only, and this network learned {run.config.data}.", icon=":material/info:")
        return
    with st.spinner(f"{10 * EACH:,} digits are drawn and read …"):
        counts = samples.confusion(run, EACH)
    st.markdown(in_words(counts))
    evaluation = run.evaluation or {}
    if (accuracy := evaluation.get("class_accuracy")) is not None and "samples" in evaluation:
        st.caption(f"Its evaluation, on {evaluation['samples']:,} others, found {accuracy:.1%}.")
    html.show(table(counts))


def in_words(counts: list[list[int]]) -> str:
    """The share read as asked, with its standard error, and what goes wrong most often."""
    total, right = sum(map(sum, counts)), sum(row[i] for i, row in enumerate(counts))
    share = right / total
    error = math.sqrt(max(share * (1 - share), 1 / total) / total)
    most, label, read = max((n, i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if i != j)
    if not most:
        told = "None is read otherwise."
    elif most == 1:
        told = f"{total - right} are read otherwise, no two of them alike."
    else:
        told = f"Most often wrong: **{label}** read as **{read}**, {most} of {sum(counts[label])}."
    return f"Of {total:,} digits, {total // len(counts)} of each, the judge reads **{share:.1%}** as asked (± {error:.1%}). {told}"


def table(counts: list[list[int]]) -> Markup:
    """Rows: asked for; columns: read. The darker, the more; blue on the diagonal, orange off it. Zeros are left out."""
    digits = [str(digit) for digit in range(len(counts))]
    return html.table(
        "A row is the digit asked for, a column the digit read; empty: none.",
        digits,
        ((digits[i], [(str(n or ""), _colour(n / max(1, sum(row)), i == j)) for j, n in enumerate(row)]) for i, row in enumerate(counts)),
        style="border-collapse:collapse;width:100%;max-width:760px;table-layout:fixed;font-variant-numeric:tabular-nums;font-size:.85rem",
        cell="padding:0;text-align:center;height:2.4rem;border:1px solid rgba(128,128,140,.22)",
    )


def _colour(share: float, right: bool) -> str:
    """Of a cell that holds this share of its row. A single wrong one must be seen."""
    if not share:
        return ""
    return (
        f"background:rgba(0,114,178,{0.15 + 0.5 * share:.2f})" if right else f"background:rgba(213,94,0,{min(0.75, 0.18 + 5 * share):.2f})"
    )
