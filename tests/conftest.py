"""What every test shares: shapes checked at run time, one torch thread, run folders of its own."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from jaxtyping import install_import_hook

install_import_hook(["gan_core.networks", "gan_core.trained.model", "gan_core.networks.ema"], "beartype.beartype")

from pathlib import Path

import pytest
import torch

from gan_core import settings
from gan_core.data import DATA_SETS

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs made by a test lie in a folder of its own, and no training process is kept ready here: the next test would be handed it."""
    folder = tmp_path / "runs"
    monkeypatch.setenv(settings.variable("runs"), str(folder))
    monkeypatch.setenv(settings.variable("ready"), "0")
    return folder


@pytest.fixture
def mnist() -> None:
    """Skips, saying why, where the full MNIST is not at hand."""
    if not DATA_SETS["mnist"].present:
        pytest.skip(f"the full MNIST is not in the data folder; set {settings.variable('data')} to the folder that holds MNIST/raw")
