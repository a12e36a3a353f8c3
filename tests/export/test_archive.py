"""What a run leaves for other programs."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_core import pictures, runs
from gan_core.errors import AtelierError
from gan_core.export import archive
from gan_core.gans.config import RunConfig
from gan_core.jobs.recorder import work
from gan_core.runs import Run, RunLabel
from tests.configs import diverging, small


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def images(folder) -> Run:  # type: ignore[no-untyped-def]
    return trained(small("cgan", steps=3), folder)


@pytest.fixture(scope="module")
def curves(folder) -> Run:  # type: ignore[no-untyped-def]
    return trained(small("sine-conv", steps=3), folder)


def trained(config: RunConfig, folder) -> Run:  # type: ignore[no-untyped-def]
    run = runs.new(config, folder, about=RunLabel(owner="somebody"))
    for _ in work(run):
        pass
    return run


@pytest.mark.parametrize("kind", ["images", "curves"])
def test_the_film_has_a_frame_for_each_snapshot_and_rests_on_the_last(kind: str, request: pytest.FixtureRequest) -> None:
    run = request.getfixturevalue(kind)
    film = Image.open(io.BytesIO(archive.gif(run)))
    assert film.format == "GIF"
    assert film.n_frames == len(run.samples) == 4
    durations = []
    for i in range(film.n_frames):
        film.seek(i)
        durations.append(film.info["duration"])
    assert durations[-1] == 2000
    assert len(set(durations[:-1])) == 1
    assert film.info["loop"] == 0


def test_a_long_training_is_filmed_in_sixty_frames_from_first_to_last(images: Run, folder) -> None:  # type: ignore[no-untyped-def]
    run = runs.new(images.config, folder)
    content = images.samples[-1].read()
    for step in range(150):
        run.write_sample(step, ".png", content)
    Image.new("L", Image.open(io.BytesIO(content)).size, 255).save(run.samples[-1].file)
    film = Image.open(io.BytesIO(archive.gif(run)))
    assert film.n_frames == archive.GIF_FRAMES
    film.seek(film.n_frames - 1)
    assert film.convert("L").getpixel((5, 5)) > 250, "the last snapshot is the last frame"


def test_the_picture_is_the_newest_mosaic_or_the_curves_drawn(images: Run, curves: Run) -> None:
    assert archive.png(images) == images.samples[-1].read()
    drawn = Image.open(io.BytesIO(archive.png(curves)))
    assert drawn.size == pictures.CURVE_SIZE
    assert {pictures._GREY, pictures._ORANGE} <= {colour for _, colour in drawn.convert("RGB").getcolors(10**6)}


def test_the_table_holds_every_number_once(images: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(archive.table(images.records()[0]).decode())))
    assert [row["step"] for row in rows] == ["1", "2", "3"]
    assert float(rows[1]["D/loss"]) == images.records()[0][1]["D/loss"]
    lazy = list(csv.DictReader(io.StringIO(archive.table([{"step": 1}, {"step": 2, "D/penalty": 0.5}]).decode())))
    assert lazy[0] == {"step": "1", "D/penalty": ""}
    probes = archive.table(images.probes).decode()
    assert "kid1k" in probes
    assert "scores" not in probes


def test_the_archive_holds_everything_but_whose_it_is(images: Run) -> None:
    bundle = zipfile.ZipFile(io.BytesIO(archive.archive(images)))
    assert bundle.testzip() is None
    assert images.weights
    expected = {"config.json", "metrics.csv", "probes.csv", "looks.csv", "samples.png", "training.gif", images.weights.name}
    assert set(bundle.namelist()) == {f"{images.id}/{name}" for name in expected}
    assert bundle.read(f"{images.id}/{images.weights.name}") == images.weights.read_bytes()
    assert not any(b"somebody" in bundle.read(name) for name in bundle.namelist())


def test_without_samples_there_is_a_sentence(folder) -> None:  # type: ignore[no-untyped-def]
    run = runs.new(small("gan"), folder)
    for make in (archive.gif, archive.png):
        with pytest.raises(AtelierError, match="no samples"):
            make(run)
    assert zipfile.ZipFile(io.BytesIO(archive.archive(run))).testzip() is None
    run.write_sample(0, ".png", b"torn")
    with pytest.raises(AtelierError, match="cannot be read"):
        archive.gif(run)


def test_curves_are_written_with_four_digits_and_no_more():
    """A single-precision number as Python writes it has 17."""
    third = np.full((1, 2), 1 / 3, np.float32)
    assert pictures.curves_json(third[0], third, -third) == b'{"x":[0.3333,0.3333],"real":[[0.3333,0.3333]],"fake":[[-0.3333,-0.3333]]}'


def test_curves_that_diverged_are_written_as_null_and_drawn_with_gaps() -> None:
    """A browser reads nothing at all of a file that holds NaN."""
    x, nan = np.array([0.0, 1.0, 2.0], np.float32), np.nan
    content = pictures.curves_json(x, x[None], np.array([[1.0, nan, np.inf], [nan, nan, nan]]))
    assert json.loads(content, parse_constant=pytest.fail)["fake"] == [[1.0, None, None], [None, None, None]]
    for written in (content, b'{"x":[0,1,2],"real":[[0,1,2]],"fake":[[1.0,NaN,Infinity],[NaN,NaN,NaN]]}'):
        read = pictures.read_curves(written)
        assert np.array_equal(read["fake"], [[1.0, nan, nan], [nan, nan, nan]], equal_nan=True)
        assert pictures.ends(read["fake"]) == (1.0, 1.0)
    assert pictures.ends([[nan]]) == (-1.0, 1.0)
    assert pictures.pieces([1.0, 2.0, nan, nan, 3.0]) == [[(0, 1.0), (1, 2.0)], [(4, 3.0)]]
    for broken in (b"[]", b"{}", b'{"x":1,"real":1,"fake":1}', b'{"x":[0],"real":[["a"]],"fake":[]}', b"torn"):
        with pytest.raises(ValueError, match=r"no sample grid|Expecting"):
            pictures.read_curves(broken)


def test_a_training_of_curves_that_diverged_can_be_downloaded(folder) -> None:  # type: ignore[no-untyped-def]
    run = trained(diverging("sine-mlp", steps=4), folder)
    assert run.status.state == "failed"
    assert not any(b"NaN" in grid.read() for grid in run.samples)
    bundle = zipfile.ZipFile(io.BytesIO(archive.archive(run)))
    assert Image.open(io.BytesIO(bundle.read(f"{run.id}/training.gif"))).n_frames > 1


def _checkpoint(run: Run, step: int) -> None:
    """Writes newer weights and removes the older ones, as a run that trains does."""
    (old,) = run.folder.glob("weights-*.safetensors")
    run.weights_path(step).write_bytes(f"weights of step {step}".encode())
    old.unlink()


def test_weights_are_read_although_a_checkpoint_replaces_them(folder, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """Right between the look for the newest and the reading of it."""
    run = runs.new(small("gan"), folder)
    run.weights_path(1).write_bytes(b"weights of step 1")
    read, before = Path.read_bytes, []

    def read_bytes(path: Path) -> bytes:
        if path.name.startswith("weights-") and not before:
            before.append(path.name)
            _checkpoint(run, 2)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert archive.newest_weights(run) == ("weights-0000002.safetensors", b"weights of step 2")
    before.clear()
    _checkpoint(run, 1)
    before.clear()
    bundle = zipfile.ZipFile(io.BytesIO(archive.archive(run)))
    assert bundle.read(f"{run.id}/weights-0000002.safetensors") == b"weights of step 2"
    run.weights_path(2).unlink()
    with pytest.raises(AtelierError, match="no weights"):
        archive.newest_weights(run)
