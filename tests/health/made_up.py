"""Runs made up for the tests of health: records, probes and looks, healthy but for what is given."""

from __future__ import annotations

import math

import numpy as np

from gan_core import configure
from gan_core.gans.config import RunConfig
from gan_core.health import reading as how
from gan_core.health.reading import Health
from gan_core.runs import Status

RUNNING, DONE = Status(state="running"), Status(state="finished")
GAME = {"D/loss": 1.2, "D/gradient": 2.0, "G/loss": 1.3, "G/gradient": 0.5, "D(x)": 0.65, "D(G(z))": 0.33}
DIGITS = {"ink": 1.0, "spread": 0.9, "kid1k": 4.0, "precision1k": 0.5, "recall1k": 0.6, "coverage1k": 0.2, "digits_covered": 10.0,
          "digits_tv": 0.2, "pull": 0.7, "dead_share": 0.0, "scores": {"real": [1.0, 2.0], "fake": [-1.0, 1.5]}}  # fmt: skip
CURVES = {"sine_rmse": 0.05, "amplitude": 0.42, "frequency": 1.5, "phase_concentration": 0.1, "pull": 0.6, "dead_share": 0.0}
GRID = {"n": 64, "legible": 50, "digits": 10, "variety": 0.9, "ink": 1.0, "scores": {"real": [1.0, 2.0], "fake": [-1.0, 1.5]}}
SINES = {"n": 16, "rmse": 0.05, "amplitude": 0.48, "phases": 7, "scores": {}}


def lines(steps: int, values: dict, **changes) -> list[dict]:
    """A record every tenth step."""
    return [{"step": step, "seconds": step / 100} | values | changes for step in range(10, steps + 1, 10)]


def kept(steps: int, values: dict, before: dict | None = None, **changes) -> list[dict]:
    """Probes or looks: ten up to the given step; those at half of it and earlier have other values if given."""
    now = {"seconds": steps / 100} | values | changes
    return [{"step": steps * i // 10} | now | ((before or {}) if i <= 5 else {}) for i in range(1, 11)]


def said(
    config: RunConfig | None = None, steps: int = 4000, status: Status = DONE, before: dict | None = None, game=None, **seen
) -> Health:
    """The reading of a run of the `gan` variant on digits that kept no looks, healthy but for what is given."""
    return how.read(config or configure("gan"), lines(steps, GAME | (game or {})), kept(steps, DIGITS, before, **seen), [], status)


def looked(
    config: RunConfig | None = None, steps: int = 4000, status: Status = RUNNING, before: dict | None = None, game=None, **seen
) -> Health:
    """The reading of a run of the `gan` variant on digits that kept looks and no probes, healthy but for what is given."""
    return how.read(config or configure("gan"), lines(steps, GAME | (game or {})), [], kept(steps, GRID, before, **seen), status)


def verdict(reading: Health) -> tuple[str, str]:
    return reading.level, reading.kind


def scores(real: float, held_out: float, fake: float, n: int = 256) -> dict[str, list[float]]:
    """Scores with these means and a standard deviation of 1."""
    noise = np.random.default_rng(0).standard_normal(n)
    noise = (noise - noise.mean()) / noise.std()
    return {name: (mean + noise).tolist() for name, mean in (("real", real), ("held_out", held_out), ("fake", fake))}


TROUBLES = (
    {"game": {"G/loss": math.nan}},
    {"steps": 100, "game": {"G/gradient": 0.0, "D(x)": 0.5, "D(G(z))": 0.5}},
    {"game": {"D(x)": 0.99, "D(G(z))": 0.01}, "kid1k": 50.0},
    {"dead_share": 0.9, "game": {"D(x)": 0.99, "D(G(z))": 0.96}},
    {"spread": 0.2, "kid1k": 90.0},
    {"kid1k": 30.0},
    {"kid1k": 30.0, "before": {"kid1k": 2.0}},
    {"scores": scores(2.0, 0.0, -2.0)},
)
