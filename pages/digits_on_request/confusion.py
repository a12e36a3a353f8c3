"""How often G draws what it is asked for: every digit many times, as the judge reads them."""

from __future__ import annotations

import math

import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.runs import Run
from gan_core.translation import _, ngettext
from pages.digits_on_request import samples
from pages.shared import html
from pages.shared.html import Markup

EACH = 200  # images of every digit


def draw(run: Run) -> None:
    """The accuracy in words, and the table of asked and read."""
    if not samples.judged(run):
        st.info(
            _("The judge reads digits only. This network learned {data}.").format(data=_(DATA_SETS[run.config.data].title)),
            icon=":material/info:",
        )
        return
    with st.spinner(_("Drawing and reading {n:,} digits …").format(n=10 * EACH)):
        counts = samples.confusion(run, EACH)
    st.markdown(in_words(counts))
    evaluation = run.evaluation or {}
    if (accuracy := evaluation.get("class_accuracy")) is not None and "samples" in evaluation:
        st.caption(_("Its evaluation, on {n:,} other samples, found {accuracy:.1%}.").format(n=evaluation["samples"], accuracy=accuracy))
    html.show(table(counts))


def in_words(counts: list[list[int]]) -> str:
    """The share read as asked, with its standard error, and what goes wrong most often."""
    total, right = sum(map(sum, counts)), sum(row[i] for i, row in enumerate(counts))
    share = right / total
    error = math.sqrt(max(share * (1 - share), 1 / total) / total)
    most, label, read = max((n, i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if i != j)
    if not most:
        told = _("All are read as requested.")
    elif most == 1:
        told = ngettext("One is misread.", "{n} are misread, each in a different way.", total - right).format(n=total - right)
    else:
        told = _("The most frequent mistake: **{label}** read as **{read}**, {most} of {n}.").format(
            label=label, read=read, most=most, n=sum(counts[label])
        )
    whole = _("Of {total:,} digits, {each} of each, the judge reads **{share:.1%}** as requested (± {error:.1%}).")
    return f"{whole.format(total=total, each=total // len(counts), share=share, error=error)} {told}"


def table(counts: list[list[int]]) -> Markup:
    """Rows: asked for; columns: read. The darker, the more; blue on the diagonal, orange off it. Zeros are left out."""
    digits = [str(digit) for digit in range(len(counts))]
    return html.table(
        _("Rows: the digit asked for. Columns: the digit that the judge reads. Empty cells: none."),
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
