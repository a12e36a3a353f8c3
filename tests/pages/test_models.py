"""What pages ask of networks."""

from concurrent.futures import ThreadPoolExecutor

import torch

from gan_core.settings import ROOT
from gan_core.trained.model import load
from pages.shared import models


def test_real_curves_are_the_same_in_all_threads_of_the_server() -> None:
    """They are kept for good: a thread that draws at the same moment must not change them."""
    model = load(ROOT / "checkpoints" / "sine-conv-stable")
    expected = models._real(model, 64, "sine-family")[0]

    def ask(_: int) -> torch.Tensor:
        torch.rand(5)
        return models._real(model, 64, "sine-family")[0]

    with ThreadPoolExecutor(4) as threads:
        assert all(torch.equal(found, expected) for found in threads.map(ask, range(800)))
