"""The model card of an evaluated run, as Markdown."""

from __future__ import annotations

from typing import Any

from gan_core.data import DATA_SETS
from gan_core.metrics import judge
from gan_core.runs import Run, Status


def _by_hand(status: Status) -> str:
    return (
        f"- Stepped by hand: in {status.single_d:,} of its steps D alone learned, in {status.single_g:,} G alone. "
        "The same settings and the same seed do not give this training again."
    )


def card(run: Run, result: dict[str, Any]) -> str:
    """The model card of an evaluated run, Markdown."""
    config, variant = run.config, run.config.about
    changes = variant.differs if config.recipe == "published" else variant.stable
    heading = "Differs from its source" if config.recipe == "published" else "Changes from the published recipe"
    known = judge.facts()
    lines = [
        f"# {variant.title}, {config.recipe_title}",
        "",
        variant.idea,
        "",
        f"- Source: {variant.source}",
        f"- {heading}:",
        *(f"  - {change}" for change in changes),
        *([f"- Changed for this run: {'; '.join(config.changes)}."] if config.changed else []),
        f"- Trained on {DATA_SETS[config.data].title}, seed {config.seed}, {run.status.step:,} steps of batch "
        f"{config.settings.batch}, {run.status.seconds:,.0f} s on {run.status.device}.",
        *([_by_hand(run.status)] if run.status.by_hand else []),
        f"- Evaluated on {result['samples']:,} samples from seed {result['seed']}.",
    ]
    if variant.kind == "images":
        lines.append(
            f"- Judge: sha256 {known['sha256'][:16]}, test accuracy {100 * known['test_accuracy']:.2f} %. "
            "Distances compare only under this judge."
        )
        lines.append(f"- fid10k is {result['fid10k_over_floor']:.1f} times its floor.")
    lines += ["", "| metric | value | real against real |", "| --- | --- | --- |"]
    for name, value in result.items():
        if isinstance(value, float) and name != "seconds" and not name.startswith(("real_", "fid10k_")):
            floor = known["floors"].get(name) if variant.kind == "images" else result.get(f"real_{name}")
            beside = "" if floor is None else f"{floor:.4g}"
            lines.append(f"| {name} | {value:.4g} | {beside} |")
    return "\n".join(lines) + "\n"
