"""Download buttons of a run. Every file is built on click, from what the run is then."""

from __future__ import annotations

import streamlit as st

from gan_core.export import archive
from gan_core.runs import Run
from gan_core.translation import _


def buttons(run: Run) -> None:
    """One button for everything, and one for each part."""
    _button(_("Everything (zip)"), lambda: archive.archive(run), f"{run.id}.zip", "application/zip", "primary")
    if run.has_weights:  # which are the newest is known when somebody clicks; the page may be minutes old by then
        _button(_("Weights (safetensors)"), lambda: archive.newest_weights(run)[1], f"{run.id}.safetensors", "application/octet-stream")
    _button(_("Settings (JSON)"), run.config_path.read_bytes, f"{run.id}-config.json", "application/json")
    if run.samples:
        _button(_("Samples (PNG)"), lambda: archive.png(run), f"{run.id}.png", "image/png")
        _button(_("The training as a film (GIF)"), lambda: archive.gif(run), f"{run.id}.gif", "image/gif")
    _button(_("Curves (CSV)"), lambda: archive.table(run.records()[0]), f"{run.id}-metrics.csv", "text/csv")
    if run.looks_path.is_file():
        _button(_("Looks (CSV)"), lambda: archive.table(run.looks), f"{run.id}-looks.csv", "text/csv")
    if run.probes_path.is_file():
        _button(_("Probes (CSV)"), lambda: archive.table(run.probes), f"{run.id}-probes.csv", "text/csv")


def _button(label: str, make: object, name: str, kind: str, weight: str = "tertiary") -> None:
    st.download_button(
        label,
        make,  # type: ignore[arg-type]
        name,
        kind,
        on_click="ignore",
        type=weight,  # type: ignore[arg-type]
        icon=":material/download:",
        key=f"download-{name}",
        width="stretch",
    )
