"""Labelled data sets made by a generator, written bit by bit as MNIST's own files or as PNGs with a table, and what they teach."""

from __future__ import annotations

import csv
import gzip
import io
import math
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gan_core import pictures
from gan_core.data.images import image_arrays, to_range
from gan_core.data.registry import DATA_SETS, DIGITS
from gan_core.errors import AtelierError
from gan_core.lazy import Lazy
from gan_core.translation import N_, _

if TYPE_CHECKING:
    import numpy as np
    import torch

    from gan_core.trained.model import Trained
else:
    np = Lazy("numpy")
    torch = Lazy("torch")

MOST = 6_000  # a class: as many as MNIST has, 60,000 and 10,000 images of ten classes
BLOCK = 100  # images at a time
SPLIT = 6  # training images to a test image, as in MNIST
SIDE = 28  # pixels
FORMS = {"idx": N_("IDX, the four files of MNIST"), "idx-gz": N_("IDX, gzipped"), "png": N_("PNG files and a CSV")}

Say = Callable[[int, int], None]  # how much is done, of how much


class Plan(BaseModel):
    """Which data set is to be made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_class: int = Field(1_000, ge=1, le=MOST, strict=True)
    "training images of each class; a sixth as many test images come on top"
    form: Literal["idx", "idx-gz", "png"] = "idx"
    seed: int = Field(0, ge=0, lt=2**31)

    @classmethod
    def checked(cls, **values: Any) -> Plan:
        """A plan, of values from people. Raises AtelierError with what does not fit."""
        try:
            return cls(**values)
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            expected = {
                "per_class": _("per class = {value!r} does not fit: ask for 1 to {most:,} images of each class."),
                "form": _("form = {value!r} does not fit: choose one of {choices}."),
                "seed": _("seed = {value!r} does not fit: choose a whole number from 0 to 2,147,483,647."),
            }
            told = expected.get(name, _("A data set has no setting {name!r}: leave it out."))
            raise AtelierError(told.format(name=name, value=values.get(name), most=MOST, choices=", ".join(FORMS))) from None

    def sizes(self, classes: int) -> dict[str, int]:
        """How many images each part holds."""
        return {"train": self.per_class * classes, "t10k": math.ceil(self.per_class / SPLIT) * classes}

    def max_bytes(self, classes: int) -> int:
        """Bytes on disk that it may take, at most."""
        return sum(self.sizes(classes).values()) * (SIDE * SIDE + 400) + 100_000


def write(model: Trained, plan: Plan, target: Path, say: Say = lambda done, of: None) -> None:
    """Makes the data set as a zip, which appears whole or not at all.

    Its images are a function of the weights, the seed and their place; a larger set begins with the images of a smaller one. Raises
    AtelierError if the run has no classes, or if the file cannot be written.
    """
    k = model.variant.classes
    if not k:
        raise AtelierError(_("{run} has no classes, so its samples have no labels. Choose a conditional GAN.").format(run=model.run.id))
    total, done = sum(plan.sizes(k).values()), 0

    def counted(part: str, n: int) -> Iterator[np.ndarray]:
        nonlocal done
        for block in _images(model, plan.seed, part, n):
            yield block
            done += len(block)
            say(done, total)

    with _whole(target, plan.max_bytes(k)) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        bundle.writestr("README.txt", _about(model, plan))
        table: list[tuple[str, int, str]] = []
        for part, n in plan.sizes(k).items():
            if plan.form == "png":
                table += _write_pngs(bundle, part, counted(part, n), n, k)
            else:
                _write_idx(bundle, part, counted(part, n), n, k, plan.form == "idx-gz")
        if table:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows([("file", "label", "part"), *table])
            bundle.writestr("labels.csv", text.getvalue())


def training_part(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The training images [n, 28, 28] and labels [n] of a data set made here. Raises AtelierError if the file is none."""
    try:
        with zipfile.ZipFile(path) as bundle:
            names = bundle.namelist()
            if "labels.csv" in names:
                rows = [r for r in csv.DictReader(io.StringIO(bundle.read("labels.csv").decode())) if r["part"] == "train"]
                images = np.stack([_pixels(bundle.read(row["file"])) for row in rows])
                return images, np.array([int(row["label"]) for row in rows])
            x, y = (_unpacked(bundle, names, f"train-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1"))
            return np.frombuffer(x, np.uint8, offset=16).reshape(-1, SIDE, SIDE), np.frombuffer(y, np.uint8, offset=8).astype(np.int64)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise AtelierError(_("{file} is no data set made here, or it is damaged: {why}.").format(file=path.name, why=error)) from error


class Lesson(NamedTuple):
    """What a data set taught a classifier."""

    accuracy: float
    "share of real images it reads right: the GAN-train score of Shmelkov et al. 2018, arXiv:1807.09499"
    learned_from: int
    "synthetic images"
    tested_on: str
    "the name of the data set that these real images are from"
    tests: int
    "how many real images"


def teach(path: Path, learned: str, say: Say = lambda done, of: None) -> Lesson:
    """Trains a classifier on a synthetic data set alone and tests it on real images of the kind that G learned (a data set's name).

    Raises AtelierError where no such images are on this machine.
    """
    from gan_core.metrics import gan_train, judge

    pixels, labels, name = _real(learned)
    images, y = training_part(path)
    pupil = gan_train.train_on_samples(_unit(images), torch.from_numpy(y), say)
    return Lesson(1 - judge.error_on(pupil, _unit(pixels), torch.from_numpy(labels.astype(np.int64))), len(y), name, len(labels))


def tests_on(learned: str) -> str | None:
    """Why what G learned cannot be tested here, as a sentence; None if it can."""
    if learned in DIGITS or DATA_SETS[learned].present:
        return None
    return _("Real images of {data} are not on this machine. `python -m gan_core download {name}` fetches them.").format(
        data=_(DATA_SETS[learned].title), name=learned
    )


def _real(learned: str) -> tuple[np.ndarray, np.ndarray, str]:
    if reason := tests_on(learned):
        raise AtelierError(reason)
    name = "mnist" if learned in DIGITS else learned
    if DATA_SETS[name].present:
        pixels, labels = image_arrays(name, train=False)
        return pixels, labels, name
    return *image_arrays("digits-5k"), "digits-5k"


def _unit(images: np.ndarray) -> torch.Tensor:
    return to_range(torch.from_numpy(np.array(images)), (0.0, 1.0))


def _images(model: Trained, seed: int, part: str, n: int) -> Iterator[np.ndarray]:
    """n images in blocks, of class 0, 1, 2 .. in turn, as grey levels; a stream of z of its own for each part."""
    from gan_core.seeding import seed_of

    k = model.variant.classes
    generator = torch.Generator().manual_seed(seed_of(seed, part))
    for first in range(0, n, BLOCK):
        z = model.prior.sample(BLOCK, torch.device("cpu"), generator)[: n - first]
        yield model.grey(model.generate(z, torch.arange(first, first + len(z)) % k))


def _write_idx(bundle: zipfile.ZipFile, part: str, blocks: Iterator[np.ndarray], n: int, k: int, gzipped: bool) -> None:
    """Two files: images and labels. Source: the file format of yann.lecun.com/exdb/mnist, big-endian numbers, then bytes."""
    folder = "MNIST/raw/"  # torchvision.datasets.MNIST finds them there
    with _entry(bundle, f"{folder}{part}-images-idx3-ubyte", gzipped) as file:
        file.write(struct.pack(">IIII", 0x803, n, SIDE, SIDE))
        for block in blocks:
            file.write(block.tobytes())
    with _entry(bundle, f"{folder}{part}-labels-idx1-ubyte", gzipped) as file:
        file.write(struct.pack(">II", 0x801, n))
        file.write((np.arange(n) % k).astype(np.uint8).tobytes())


def _write_pngs(bundle: zipfile.ZipFile, part: str, blocks: Iterator[np.ndarray], n: int, k: int) -> list[tuple[str, int, str]]:
    """A file an image, in a folder a class; gives the rows of the table."""
    rows: list[tuple[str, int, str]] = []
    for block in blocks:
        for image in block:
            i = len(rows)
            name = f"{part}/{i % k}/{i:06d}.png"
            bundle.writestr(zipfile.ZipInfo(name), pictures.to_png(image, small=False), zipfile.ZIP_STORED)
            rows.append((name, i % k, part))
    return rows


@contextmanager
def _entry(bundle: zipfile.ZipFile, name: str, gzipped: bool) -> Iterator[IO[bytes]]:
    """A file inside the zip, written bit by bit."""
    if not gzipped:
        with bundle.open(name, "w") as file:
            yield file
        return
    stored = zipfile.ZipInfo(f"{name}.gz")  # as it is: what is packed cannot be packed again
    with bundle.open(stored, "w") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
        yield packed  # type: ignore[misc]  # a GzipFile is a binary file


@contextmanager
def _whole(target: Path, max_bytes: int) -> Iterator[Path]:
    """A draft beside the target that takes its place at the end, or is gone. Raises AtelierError where it cannot be written."""
    draft = target.with_name(f".{target.name}.part")
    try:
        if (free := shutil.disk_usage(target.parent).free) < max_bytes:
            raise AtelierError(
                _("The data set may take {size:,.0f} MB, but only {free:,.0f} MB are free. Make room, or ask for fewer images.").format(
                    size=max_bytes / 1e6, free=free / 1e6
                )
            )
        yield draft
        draft.replace(target)
    except OSError as error:
        raise AtelierError(_("{target} cannot be written: {why}.").format(target=target, why=error.strerror)) from error
    finally:
        draft.unlink(missing_ok=True)


def _unpacked(bundle: zipfile.ZipFile, names: list[str], ending: str) -> bytes:
    name = next(n for n in [*names, ""] if n.removesuffix(".gz").endswith(ending) or not n)
    return gzip.decompress(bundle.read(name)) if name.endswith(".gz") else bundle.read(name)


def _pixels(png: bytes) -> np.ndarray:
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("L"))


def _about(model: Trained, plan: Plan) -> str:
    sizes = plan.sizes(model.variant.classes)
    files = (
        "labels.csv names the class and the part of every PNG."
        if plan.form == "png"
        else "Its files are named as MNIST's: unpack (and gunzip) them, and torchvision.datasets.MNIST(root=this folder) reads them."
    )
    return (
        f"GENERATED images, not real ones: {sizes['train']:,} to train on and {sizes['t10k']:,} others to test on, classes in turn.\n"
        f"Made by G of {model.run.id} ({model.variant.title}, {model.config.recipe_title} recipe, trained on {model.config.data}, "
        f"step {model.run.status.step:,}) from seed {plan.seed}.\n"
        f"A label is the class that G was asked for, not one that anybody checked.\n{files}\n"
    )
