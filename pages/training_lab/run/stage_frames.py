"""The time machine: one slider over all snapshots of a run, for its samples, D's scores and the marker on every chart.

The moving is done by the browser (machine.js). What it needs is sent once, some snapshots at a time: it says what it has, and is sent
what it lacks, while the training goes on and writes more.
"""

from __future__ import annotations

import base64
import bisect
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from gan_core import pictures
from gan_core.runs import Run, SampleGrid
from pages.shared import charts, components, history, images

FRAMES, PROBES = 10, 20  # sent at a time: some 300 kB
_HERE = Path(__file__).parent
_HTML = """
<div class="machine">
  <canvas class="picture" role="img"></canvas>
  <p class="said"></p>
  <div class="deck">
    <button class="play" type="button" aria-label="Play">▶</button>
    <input class="scrub" type="range" min="0" max="0" value="0" aria-label="Snapshot of the training">
    <button class="newest" type="button" title="The newest snapshot, and those that come">Newest</button>
    <select class="speed" aria-label="Speed">
      <option value="0.5">½×</option><option value="1" selected>1×</option><option value="3">3×</option>
    </select>
  </div>
  <label class="toggle"><input class="rolling" type="checkbox"> Rolling mean of 5 points, as text 000 draws them</label>
  <canvas class="histogram" role="img" hidden></canvas>
  <p class="legend" hidden></p>
  <p class="coming"></p>
</div>
"""
_machine = components.declare("gan_atelier_machine", _HERE / "time_machine.js", html=_HTML, css=_HERE / "time_machine.css")


def draw(run: Run, stay: bool = False) -> None:
    """The machine of a run, fed with what it lacks; with `stay` it stays in view while what is beside it is scrolled."""
    grids = run.samples
    if not grids:
        st.info("The first samples come with the first step.", icon=":material/image:")
        return
    about, objective = run.config.about, run.config.settings.objective
    key = f"machine-{run.id}"
    have = st.session_state.get(key, {}).get("have") or {"frames": [], "probes": []}
    seen = history.of(run)
    probes = seen.probes
    steps = [grid.step for grid in grids]
    frames = _frames(grids, set(have["frames"]))
    data = {
        "run": run.id,
        "kind": about.kind,
        "stay": stay,
        "alt": f"Samples of {about.title}",
        "steps": steps,
        "given": _given(seen.records, steps),
        "probed": [p["step"] for p in probes],
        "frames": frames,
        "probes": [{"step": p["step"], "scores": p["scores"]} for p in probes if p["step"] not in have["probes"]][:PROBES],
        "known": [f(have[kind]) for kind in ("frames", "probes") for f in (len, sum)],
        "probable": objective.probabilistic,
        "asks": "D's probability of “real”" if objective.probabilistic else f"The {objective.score_noun}",
        "span": seen.once("span of scores", None, lambda: _span(probes)),
        **(_scale(grids) if about.kind == "curves" else {}),
    }
    _machine(key=key, data=data, on_have_change=lambda: None)


def _frames(grids: list[SampleGrid], have: set[int]) -> list[dict[str, Any]]:
    """The next snapshots that the browser lacks: the newest first, then from the beginning."""
    missing = [grid for grid in grids if grid.step not in have]
    ordered = missing[-1:] + missing[:-1]
    frames: list[dict[str, Any]] = []
    for grid in ordered[:FRAMES]:
        try:
            if grid.drawn:
                frames.append({"step": grid.step, "png": _encoded(grid, grid.written)})
            else:
                frames.append({"step": grid.step, **images.read_curves(grid)})
        except (OSError, ValueError):
            continue  # being rewritten: the next look finds it
    return frames


@lru_cache(maxsize=256)
def _encoded(grid: SampleGrid, written: int) -> str:
    """A picture for the browser; many who watch one training ask for the same ones."""
    return base64.b64encode(grid.read()).decode()


def _given(records: list[dict[str, float]], steps: list[int]) -> list[float | None]:
    """What D gave generated samples at those steps, by the record nearest after each (text 002 writes it beneath its curves)."""
    at = [r["step"] for r in records]
    if not at:
        return [None] * len(steps)
    return [records[min(bisect.bisect_left(at, step), len(at) - 1)].get("D(G(z))") for step in steps]


def _span(probes: list[dict[str, Any]]) -> tuple[float, float]:
    """A range that holds the critic's values of all probes, so that its histogram stays in place."""
    low, high = charts.steady(v for p in probes for kind in ("real", "fake") for v in p["scores"].get(kind, []))
    return low, high if high > low else low + 1.0


def _scale(grids: list[SampleGrid]) -> dict[str, Any]:
    """The scale of the curves, held still by the real ones: {"range", "ticks"}."""
    try:
        low, high = pictures.ends(images.read_curves(grids[0])["real"])
    except (OSError, ValueError):
        low, high = pictures.ends([])
    pad = 0.3 * (high - low)
    return {"range": (low - pad, high + pad), "ticks": [round(v, 1) + 0.0 for v in (low, (low + high) / 2, high)]}
