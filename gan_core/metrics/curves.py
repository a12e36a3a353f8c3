"""How well curves are sines: the best fitting sine of each, its error, amplitude, phase and frequency."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

STEPS = 181  # frequencies tried, evenly over the range; then refined between the best one's neighbours


class Fit(NamedTuple):
    """The best fitting sine, offset + amplitude sin(frequency x + phase), of each curve: arrays [N]."""

    error: np.ndarray
    "root mean square of what is left"
    amplitude: np.ndarray
    phase: np.ndarray
    "in [0, 2 pi)"
    frequency: np.ndarray
    "in radians per unit of x"
    offset: np.ndarray


def fit_sines(x: np.ndarray, curves: np.ndarray, lowest: float = 0.5, highest: float = 2.5) -> Fit:
    """Least squares: for a given frequency the fit is linear in (sin, cos, 1), so only the frequency is searched, on a grid and then
    on a finer one between the neighbours of its best point. x [L], curves [N, L]."""
    grid = np.linspace(lowest, highest, STEPS)
    coarse = grid[np.argmin([_residual(x, curves, f)[0] for f in grid], axis=0)]
    width = (highest - lowest) / (STEPS - 1)
    fine = coarse[None] + np.linspace(-width, width, 41)[:, None]  # [41, N]
    solved = [_solve_each(x, curves, f) for f in fine]
    best = np.argmin([error for error, _ in solved], axis=0)
    rows = np.arange(len(curves))
    error = np.stack([e for e, _ in solved])[best, rows]
    sine, cosine, offset = np.moveaxis(np.stack([c for _, c in solved])[best, rows], 1, 0)
    return Fit(error, np.hypot(sine, cosine), np.arctan2(cosine, sine) % (2 * np.pi), fine[best, rows], offset)


def _residual(x: np.ndarray, curves: np.ndarray, frequency: float) -> tuple[np.ndarray, np.ndarray]:
    """Root mean square left [N], and coefficients [N, 3], of the fit at one frequency for all curves."""
    basis = np.stack([np.sin(frequency * x), np.cos(frequency * x), np.ones_like(x)], 1)
    coefficients = np.linalg.lstsq(basis, curves.T, rcond=None)[0].T
    return np.sqrt(np.mean((curves - coefficients @ basis.T) ** 2, 1)), coefficients


def _solve_each(x: np.ndarray, curves: np.ndarray, frequencies: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same with a frequency [N] for each curve."""
    angle = frequencies[:, None] * x
    basis = np.stack([np.sin(angle), np.cos(angle), np.ones_like(angle)], 2)  # [N, L, 3]
    coefficients = np.einsum("nkl,nl->nk", np.linalg.pinv(basis), curves)
    return np.sqrt(np.mean((curves - np.einsum("nlk,nk->nl", basis, coefficients)) ** 2, 1)), coefficients
