"""How often G draws what it is asked for: every digit many times, as the judge reads them."""

from __future__ import annotations

import math

import streamlit as st

from gan_core.runs import Run
from pages.digits_on_request import samples

EACH = 200  # images of every digit


def draw(run: Run) -> None:
    """The accuracy in words, and the table of asked and read."""
    if not samples.judged(run):
        st.info(f"The judge reads digits only, and this network learned {run.config.data}.", icon=":material/info:")
        return
    with st.spinner(f"{10 * EACH:,} digits are drawn and read …"):
        counts = samples.confusion(run, EACH)
    st.markdown(in_words(counts))
    found = run.evaluation or {}
    if (known := found.get("class_accuracy")) is not None and "samples" in found:
        st.caption(f"Its evaluation, on {found['samples']:,} others, found {known:.1%}.")
    st.html(table(counts))


def in_words(counts: list[list[int]]) -> str:
    """The share read as asked, with its standard error, and what goes wrong most often."""
    total, right = sum(map(sum, counts)), sum(row[i] for i, row in enumerate(counts))
    share = right / total
    error = math.sqrt(max(share * (1 - share), 1 / total) / total)
    most, asked, read = max((n, i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if i != j)
    if not most:
        told = "None is read otherwise."
    elif most == 1:
        told = f"{total - right} are read otherwise, no two of them alike."
    else:
        told = f"Most often wrong: **{asked}** read as **{read}**, {most} of {sum(counts[asked])}."
    return f"Of {total:,} digits, {total // len(counts)} of each, the judge reads **{share:.1%}** as asked (± {error:.1%}). {told}"


def table(counts: list[list[int]]) -> str:
    """Rows: asked for; columns: read. The darker, the more; blue on the diagonal, orange off it. Zeros are left out."""
    k = len(counts)
    cell = "padding:0;text-align:center;height:2.4rem;border:1px solid rgba(128,128,140,.22)"
    whole = "border-collapse:collapse;width:100%;max-width:760px;table-layout:fixed;font-variant-numeric:tabular-nums;font-size:.85rem"
    heads = "".join(f'<th scope="col" style="{cell}">{j}</th>' for j in range(k))
    rows = []
    for i, row in enumerate(counts):
        cells = "".join(f'<td style="{cell};{_colour(n / max(1, sum(row)), i == j)}">{n or ""}</td>' for j, n in enumerate(row))
        rows.append(f'<tr><th scope="row" style="{cell}">{i}</th>{cells}</tr>')
    return (
        f'<table style="{whole}"><caption style="caption-side:top;text-align:left;opacity:.75;padding-bottom:.4rem">A row is the digit '
        f'asked for, a column the digit read; empty: none.</caption><thead><tr><td style="{cell}"></td>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _colour(share: float, right: bool) -> str:
    """Of a cell that holds this share of its row. A single wrong one must be seen."""
    if not share:
        return ""
    return (
        f"background:rgba(0,114,178,{0.15 + 0.5 * share:.2f})" if right else f"background:rgba(213,94,0,{min(0.75, 0.18 + 5 * share):.2f})"
    )
