"""What every test shares: shapes checked at run time, one torch thread, run folders of its own."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["GAN_ATELIER_READY"] = "0"
# No training process is kept ready in the tests' own process, and not between two tests either: the app, opened in one test, asks for
# one two seconds later. Begun while another test has set a limit of file size, it kept that limit for the run it was handed afterwards.

from jaxtyping import install_import_hook

install_import_hook(["gan_core.networks", "gan_core.trained.model", "gan_core.networks.ema"], "beartype.beartype")

from pathlib import Path

import pytest
import torch

from gan_core import settings
from gan_core.data import DATA_SETS
from gan_core.training import probe

torch.set_num_threads(1)
WHOLE_PROBE, probe.SAMPLES = probe.SAMPLES, 100  # nine tenths of a training of a few steps would be its probes
LONG_FIRST = ("browser", "jobs", "training", "evaluation", "packaging", "cli", "metrics")  # folders: two processes end together then


SLOW = (*LONG_FIRST, "docs", "pages", "export")  # folders that `make quick` leaves out: processes, pages, trainings of seconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, so that no process is left alone with one at the end."""
    for item in items:
        if item.path.parent.name in SLOW:
            item.add_marker(pytest.mark.slow)

    def rank(item: pytest.Item) -> int:
        folder = item.path.parent.name
        return LONG_FIRST.index(folder) if folder in LONG_FIRST else len(LONG_FIRST)

    items.sort(key=rank)


@pytest.fixture(autouse=True)
def probe_samples(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where probes are the subject (marker `whole_probes`) they read as many images as they do elsewhere."""
    if request.node.get_closest_marker("whole_probes"):
        monkeypatch.setattr(probe, "SAMPLES", WHOLE_PROBE)


@pytest.fixture(autouse=True)
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs made by a test lie in a folder of its own."""
    folder = tmp_path / "runs"
    monkeypatch.setenv(settings.variable("runs"), str(folder))
    return folder


@pytest.fixture
def mnist() -> None:
    """Skips, saying why, where the full MNIST is not at hand."""
    if not DATA_SETS["mnist"].present:
        pytest.skip(f"the full MNIST is not in the data folder; set {settings.variable('data')} to the folder that holds MNIST/raw")
