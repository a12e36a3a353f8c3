"""Distances between two clouds of features: Frechet (fid) and kernel (kid). Computed in float64."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

Cloud = Float[Tensor, "N D"]


def frechet_distance(a: Cloud, b: Cloud) -> float:
    """|m_a - m_b|^2 + tr(S_a + S_b - 2 (S_a^1/2 S_b S_a^1/2)^1/2), means m and covariances S of the two clouds.

    The trace of the last root is the sum of the roots of the eigenvalues of a symmetric matrix: no complex matrix root is needed.
    Source: Heusel et al. 2017, arXiv:1706.08500, Eq. 6; Dowson & Landau 1982.
    """
    (mean_a, cov_a), (mean_b, cov_b) = moments(a), moments(b)
    values, vectors = torch.linalg.eigh(cov_a)
    root = (vectors * values.clamp_min(0).sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(root @ cov_b @ root).clamp_min(0).sqrt().sum()
    return ((mean_a - mean_b).square().sum() + cov_a.trace() + cov_b.trace() - 2 * cross).item()


def moments(x: Cloud) -> tuple[Tensor, Tensor]:
    """Mean [D] and unbiased covariance [D, D], in float64."""
    x = x.double()
    return x.mean(0), torch.cov(x.T)


def kernel_distance(a: Cloud, b: Cloud) -> float:
    """The unbiased estimate of the squared maximum mean discrepancy under the kernel (x . y / D + 1)^3; can be below 0.

    Source: Binkowski et al. 2018, arXiv:1801.01401, section 4.
    """
    a, b = a.double(), b.double()

    def kernel(x: Tensor, y: Tensor) -> Tensor:
        return (x @ y.T / x.shape[1] + 1) ** 3

    def within(x: Tensor) -> Tensor:
        k = kernel(x, x)
        return (k.sum() - k.trace()) / (len(x) * (len(x) - 1))

    return (within(a) + within(b) - 2 * kernel(a, b).mean()).item()
