"""The files of a run, by what they hold; the docstring of `gan_core.runs` says more of each."""

from __future__ import annotations

from pathlib import Path

from gan_core.runs import samples
from gan_core.runs.samples import SampleGrid


class RunFiles:
    """Paths of the files in a run's folder, there or not."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    @property
    def config_path(self) -> Path:
        return self.folder / "config.json"

    @property
    def about_path(self) -> Path:
        return self.folder / "about.json"

    @property
    def status_path(self) -> Path:
        return self.folder / "status.json"

    @property
    def metrics_path(self) -> Path:
        return self.folder / "metrics.jsonl"

    @property
    def probes_path(self) -> Path:
        return self.folder / "probes.jsonl"

    @property
    def looks_path(self) -> Path:
        return self.folder / "looks.jsonl"

    @property
    def samples_path(self) -> Path:
        return self.folder / "samples"

    @property
    def bundle_path(self) -> Path:
        return self.folder / "samples.zip"

    @property
    def resume_path(self) -> Path:
        return self.folder / "resume.safetensors"

    @property
    def evaluation_path(self) -> Path:
        return self.folder / "evaluation.json"

    @property
    def card_path(self) -> Path:
        return self.folder / "card.md"

    @property
    def directions_path(self) -> Path:
        return self.folder / "directions.safetensors"

    @property
    def log_path(self) -> Path:
        return self.folder / "log.txt"

    @property
    def stop_path(self) -> Path:
        return self.folder / "stop"

    @property
    def pause_path(self) -> Path:
        return self.folder / "pause"

    @property
    def pace_path(self) -> Path:
        return self.folder / "pace.json"

    @property
    def tensorboard_path(self) -> Path:
        return self.folder / "tensorboard"

    @property
    def alive_path(self) -> Path:
        """The lock that the training process holds for as long as it lives."""
        return self.folder / ".alive"

    @property
    def reserve_path(self) -> Path:
        return self.folder / ".reserve"

    def weights_path(self, step: int) -> Path:
        """The networks after so many steps, for sampling."""
        return self.folder / f"weights-{step:07d}.safetensors"

    @property
    def weights_step(self) -> int | None:
        """The step that the newest weights are of; None without weights."""
        weights = self.weights
        return None if weights is None else int(weights.stem.partition("-")[2])

    @property
    def weights(self) -> Path | None:
        """The newest weights, None if there are none yet."""
        return max(self.folder.glob("weights-*.safetensors"), default=None)

    @property
    def samples(self) -> list[SampleGrid]:
        """Every sample grid, oldest first."""
        return samples.grids(self.samples_path, self.bundle_path)
