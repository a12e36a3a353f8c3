"""Labelled data sets made by a generator: read back by others' readers, the same from the same seed, made in a process of their own."""

from __future__ import annotations

import csv
import gzip
import io
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import datasets

from gan_core import runs, settings
from gan_core.digits import dataset, dataset_orders
from gan_core.digits.dataset import Plan
from gan_core.errors import AtelierError
from gan_core.jobs.recorder import work
from gan_core.metrics import gan_train
from gan_core.runs import Run
from gan_core.storage import liveness
from gan_core.trained.model import Trained, load
from tests.configs import small

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Runs of a few steps: one with classes, one without."""
    parent = tmp_path_factory.mktemp("trained")
    found = {}
    for name in ("cgan-mlp", "gan"):
        run = runs.new(small(name), parent)
        for _ in work(run):
            pass
        found[name] = run.folder
    return found


@pytest.fixture
def model(folders: dict[str, Path]) -> Trained:
    return load(Run(folders["cgan-mlp"]))


def unpack(path: Path, into: Path) -> Path:
    with zipfile.ZipFile(path) as bundle:
        assert bundle.testzip() is None
        bundle.extractall(into)
    return into


def test_torchvision_reads_the_idx_files(model: Trained, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    dataset.write(model, Plan(per_class=25, seed=3), tmp_path / "set.zip", lambda done, of: told.append((done, of)))
    root = unpack(tmp_path / "set.zip", tmp_path / "root")
    train, test = (datasets.MNIST(root=str(root), train=part, download=False) for part in (True, False))
    assert (len(train), len(test)) == (250, 50)
    assert train.targets.bincount().tolist() == [25] * 10
    assert test.targets.bincount().tolist() == [5] * 10
    image, label = train[13]
    assert (image.size, label) == ((28, 28), 3)
    assert told[-1] == (300, 300)
    assert [done for done, _ in told] == [100, 200, 250, 300], "it is made bit by bit"
    assert len({row.numpy().tobytes() for row in [*train.data, *test.data]}) > 290, "every image has its own z"
    images, labels = dataset.training_part(tmp_path / "set.zip")
    assert np.array_equal(images, train.data.numpy())
    assert np.array_equal(labels, train.targets.numpy())


def test_the_labels_are_what_g_was_asked_for(model: Trained, tmp_path: Path) -> None:
    dataset.write(model, Plan(per_class=1, seed=8), tmp_path / "set.zip")
    images, labels = dataset.training_part(tmp_path / "set.zip")
    z = model.prior.sample(dataset.BLOCK, torch.device("cpu"), torch.Generator().manual_seed(_seed(8)))
    assert np.array_equal(images, model.grey(model.generate(z[:10], torch.from_numpy(labels))))


def test_gzipped_files_hold_the_same(model: Trained, tmp_path: Path) -> None:
    for form in ("idx", "idx-gz"):
        dataset.write(model, Plan(per_class=4, form=form), tmp_path / f"{form}.zip")
    with zipfile.ZipFile(tmp_path / "idx.zip") as plain, zipfile.ZipFile(tmp_path / "idx-gz.zip") as packed:
        names = [f"MNIST/raw/{p}-{k}-ubyte" for p in ("train", "t10k") for k in ("images-idx3", "labels-idx1")]
        assert plain.namelist() == ["README.txt", *names]
        assert packed.namelist() == ["README.txt", *(f"{name}.gz" for name in names)]
        for name in names:
            assert gzip.decompress(packed.read(f"{name}.gz")) == plain.read(name)
        assert plain.read(names[0])[:16].hex() == "00000803" + "00000028" + "0000001c" + "0000001c"
    one, other = (dataset.training_part(tmp_path / f"{form}.zip") for form in ("idx", "idx-gz"))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_pngs_and_their_table_hold_the_same(model: Trained, tmp_path: Path) -> None:
    for form in ("idx", "png"):
        dataset.write(model, Plan(per_class=7, form=form), tmp_path / f"{form}.zip")
    with zipfile.ZipFile(tmp_path / "png.zip") as bundle:
        rows = list(csv.DictReader(io.StringIO(bundle.read("labels.csv").decode())))
        assert [r["part"] for r in rows] == ["train"] * 70 + ["t10k"] * 20
        assert sorted(bundle.namelist()) == sorted(["README.txt", "labels.csv", *(r["file"] for r in rows)])
        assert all(r["file"].split("/")[1] == r["label"] for r in rows), "a folder a class"
        images, labels = dataset.training_part(tmp_path / "idx.zip")
        drawn = [np.asarray(Image.open(io.BytesIO(bundle.read(r["file"])))) for r in rows[:70]]
        assert np.array_equal(np.stack(drawn), images)
        assert [int(r["label"]) for r in rows[:70]] == labels.tolist()
        assert "GENERATED" in bundle.read("README.txt").decode()
    assert np.array_equal(dataset.training_part(tmp_path / "png.zip")[0], images)


def test_a_larger_set_begins_with_a_smaller_one_and_other_seeds_differ(model: Trained, tmp_path: Path) -> None:
    def made(**plan: int) -> np.ndarray:
        dataset.write(model, Plan(**plan), tmp_path / "set.zip")
        return dataset.training_part(tmp_path / "set.zip")[0]

    few, many, other = made(per_class=3), made(per_class=15), made(per_class=3, seed=1)
    assert np.array_equal(many[:30], few)
    assert not np.array_equal(other, few)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"per_class": 0}, "1 to 6,000"),
        ({"per_class": 6_001}, "1 to 6,000"),
        ({"per_class": 2.5}, "1 to 6,000"),
        ({"form": "tar"}, "idx, idx-gz, png"),
        ({"seed": -1}, "from 0"),
        ({"colour": "red"}, "leave it out"),
    ],
)
def test_what_does_not_fit_a_plan_is_a_sentence(values: dict[str, object], said: str) -> None:
    with pytest.raises(AtelierError, match=said):
        Plan.checked(**values)


def test_without_classes_or_a_place_to_write_there_is_no_data_set(folders: dict[str, Path], model: Trained, tmp_path: Path) -> None:
    with pytest.raises(AtelierError, match="no classes"):
        dataset.write(load(Run(folders["gan"])), Plan(per_class=1), tmp_path / "set.zip")
    with pytest.raises(AtelierError, match="cannot be written"):
        dataset.write(model, Plan(per_class=1), tmp_path / "nowhere" / "set.zip")

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dataset.write(model, Plan(per_class=1), tmp_path / "set.zip", stop)
    assert not list(tmp_path.iterdir()), "nothing half made is left"


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + 18 * b"\0"])
def test_a_file_that_is_no_data_set_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "set.zip").write_bytes(content)
    with pytest.raises(AtelierError, match="no data set made here"):
        dataset.training_part(tmp_path / "set.zip")


def test_a_pupil_of_few_samples_sees_more_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gan_train, "STEPS", 12)
    told: list[tuple[int, int]] = []
    x = torch.rand(40, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    gan_train.train_on_samples(x, torch.arange(40) % 10, lambda done, of: told.append((done, of)))
    assert told == [(i, 12) for i in range(1, 13)]


def test_a_lesson_from_noise_teaches_nothing_and_one_from_real_digits_much(
    model: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The score is measured, not made up: the same code gives chance for labels that say nothing, and far more for real digits."""
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "nothing"))
    monkeypatch.setattr(gan_train, "STEPS", 60)
    monkeypatch.setattr(gan_train, "EPOCHS", 1)
    dataset.write(model, Plan(per_class=60), tmp_path / "noise.zip")
    noise = dataset.teach(tmp_path / "noise.zip", "mnist")
    assert noise.learned_from == 600
    assert (noise.tested_on, noise.tests) == ("digits-5k", 5000)
    pixels, labels, _name = dataset._real("mnist")
    chosen = np.random.default_rng(0).permutation(len(labels))[:1200]
    monkeypatch.setattr(dataset, "training_part", lambda path: (pixels[chosen], labels[chosen].astype(np.int64)))
    real = dataset.teach(tmp_path / "noise.zip", "mnist")
    assert real.accuracy > 0.8 > noise.accuracy + 0.3


def test_clothes_are_not_tested_on_digits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(settings.variable("data"), str(tmp_path / "nothing"))
    assert dataset.tests_on("mnist") is None
    reason = dataset.tests_on("fashion-mnist")
    assert reason is not None
    assert "python -m gan_core download fashion-mnist" in reason


# orders


@pytest.fixture
def run(folders: dict[str, Path]) -> Run:
    """The conditional run, among the runs trained here."""
    return Run(shutil.copytree(folders["cgan-mlp"], runs.own_folder() / "cgan-mlp-here"))


def done(order: dataset_orders.DatasetOrder) -> dataset_orders.DatasetOrder:
    end = time.monotonic() + 120
    while order.at_work and time.monotonic() < end:
        time.sleep(0.1)
    assert order.failure is None
    return order


def test_an_order_is_made_in_another_process_and_found_again(run: Run) -> None:
    order = dataset_orders.make(run, Plan(per_class=4, form="png"), "ann")
    assert order.at_work
    with pytest.raises(AtelierError, match="Only one is made at a time"):
        dataset_orders.make(run, Plan(per_class=4), "bob")
    assert done(order).ready
    assert order.progress == dataset_orders.Progress(done=50, of=50)
    found = dataset_orders.of("ann")
    assert found is not None
    assert found.folder == order.folder
    assert dataset_orders.of("bob") is None
    assert len(dataset.training_part(found.file)[1]) == 40
    assert [r.id for r in runs.own()] == [run.id], "it is no run"

    newer = done(dataset_orders.make(run, Plan(per_class=1), "ann"))
    assert not order.folder.exists(), "one at a time for each visitor"
    dataset_orders.remove(newer)
    assert dataset_orders.of("ann") is None
    assert not newer.folder.exists()


def test_an_order_that_fails_says_why(run: Run) -> None:
    assert run.weights
    run.weights.write_bytes(b"not a checkpoint")
    order = dataset_orders.make(run, Plan(per_class=4), "ann")
    end = time.monotonic() + 120
    while order.at_work and time.monotonic() < end:
        time.sleep(0.1)
    assert not order.ready
    assert order.failure is not None
    assert "without a result" in order.failure
    assert "weights" in order.failure
    with pytest.raises(AtelierError, match="no data set to learn from"):
        dataset_orders.train_classifier(order)


def test_a_killed_process_is_noticed_and_removing_ends_one_at_work(run: Run) -> None:
    order = dataset_orders.make(run, Plan(per_class=dataset.MOST), "ann")
    assert order.at_work
    pid = order.tasks["make"].pid
    dataset_orders.remove(order)
    assert pid is not None
    assert not liveness.exists(pid)
    assert not order.folder.exists()
    again = dataset_orders.make(run, Plan(per_class=dataset.MOST), "ann")
    os.kill(again.tasks["make"].pid or 0, 9)
    end = time.monotonic() + 20
    while again.at_work and time.monotonic() < end:
        time.sleep(0.05)
    assert again.failure == "Making the data set ended without a result. Its process stopped unexpectedly; it may have run out of memory."


def test_a_lesson_can_be_cancelled_and_the_data_set_stays(run: Run) -> None:
    order = done(dataset_orders.make(run, Plan(per_class=30), "ann"))
    dataset_orders.train_classifier(order)
    assert order.at_work
    assert order.request.work == "teach"
    dataset_orders.cancel(order)
    assert not order.at_work
    assert order.ready
    assert order.failure is None
    assert order.lesson is None


def test_after_an_hour_it_is_gone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    order = done(dataset_orders.make(run, Plan(per_class=1), "ann"))
    dataset_orders.sweep()
    assert order.ready
    monkeypatch.setattr(dataset_orders, "KEPT", -1.0)
    (order.folder.parent / "rubbish").mkdir()
    dataset_orders.sweep()
    assert not list(order.folder.parent.iterdir())
    with pytest.raises(AtelierError, match="Make it again"):
        _ = order.request


def test_two_who_sweep_at_once_are_not_in_each_others_way(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one has listed, the other one has removed before it is looked at."""
    order = done(dataset_orders.make(run, Plan(per_class=1), "ann"))
    rubbish = order.folder.parent / "rubbish"
    rubbish.mkdir()
    listed = Path.glob

    def then_gone(folder: Path, pattern: str) -> list[Path]:
        found = list(listed(folder, pattern))
        for each in found:
            shutil.rmtree(each, ignore_errors=True)
        return found

    monkeypatch.setattr(Path, "glob", then_gone)
    dataset_orders.sweep()
    assert dataset_orders.of("ann") is None
    monkeypatch.undo()

    order = done(dataset_orders.make(run, Plan(per_class=1), "ann"))
    read = Path.read_bytes

    def once(path: Path) -> bytes:
        content = read(path)
        shutil.rmtree(order.folder, ignore_errors=True)
        return content

    monkeypatch.setattr(Path, "read_bytes", once)
    assert dataset_orders.of("ann") is not None, "it was there when it was looked for"
    assert dataset_orders.of("ann") is None


def test_the_command_line_makes_one(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "set.zip"
    command = [sys.executable, "-m", "gan_core", "dataset", run.id, "--per-class", "2", "--format", "idx-gz", "--out", str(target)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert "20 images to train on and 10 to test on" in told.stdout
    assert len(dataset.training_part(target)[1]) == 20
    told = subprocess.run([*command[:-4], "--format", "tar"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 2
    assert told.stderr.strip() == "form = 'tar' does not fit: choose one of idx, idx-gz, png."


def _seed(seed: int) -> int:
    from gan_core.seeding import seed_of

    return seed_of(seed, "train")
