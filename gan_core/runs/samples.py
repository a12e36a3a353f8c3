"""The sample grids of a run: files in its folder while it trains, one samples.zip once it is shipped. Readers see no difference."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

SUFFIXES = (".png", ".json")  # a mosaic of images, or curves
_ANY_DAY = (1980, 1, 1, 0, 0, 0)  # the same grids make the same file


class SampleGrid(NamedTuple):
    """The grid of fixed latents at one step, wherever it is kept."""

    step: int
    file: Path
    "what holds it"
    member: str = ""
    "its name there, where that holds others too"

    @property
    def name(self) -> str:
        """The name of its own file, or what that would be."""
        return self.member or self.file.name

    @property
    def drawn(self) -> bool:
        """Is it a mosaic, PNG, as opposed to curves, JSON?"""
        return self.name.endswith(".png")

    @property
    def written(self) -> int:
        """When it was written [ns]: what was made of it before holds no longer. Raises OSError if it is gone."""
        return self.file.stat().st_mtime_ns

    def read(self) -> bytes:
        """Its bytes. Raises OSError if it is gone, or cannot be read."""
        if not self.member:
            return self.file.read_bytes()
        try:
            return _opened(self.file, self.written).read(self.member)
        except (zipfile.BadZipFile, KeyError) as error:
            raise OSError(f"{self.file.name} is damaged: {error}") from error


def grids(folder: Path, bundle: Path) -> list[SampleGrid]:
    """Every grid that the folder or the bundle holds, oldest first."""
    found = [SampleGrid(int(p.stem), p) for p in folder.glob("*") if _is_grid(p.name)]
    with suppress(OSError, zipfile.BadZipFile):  # there is none, or it is damaged
        names = _opened(bundle, bundle.stat().st_mtime_ns).namelist()
        found += [SampleGrid(int(name.partition(".")[0]), bundle, name) for name in names if _is_grid(name)]
    return sorted(found)


@lru_cache(maxsize=32)
def _opened(bundle: Path, written: int) -> zipfile.ZipFile:
    """A bundle, less than a megabyte, in memory: looking for one of its members in the file takes longer than reading it."""
    return zipfile.ZipFile(io.BytesIO(bundle.read_bytes()))


def _is_grid(name: str) -> bool:
    stem, dot, suffix = name.rpartition(".")
    return stem.isdigit() and dot + suffix in SUFFIXES


def bundled(contents: Iterable[tuple[str, bytes]]) -> bytes:
    """Grids by their names in one file, as they are: a PNG is packed already; curves are packed here."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, content in contents:
            packing = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            bundle.writestr(zipfile.ZipInfo(name, _ANY_DAY), content, packing, compresslevel=9)
    return buffer.getvalue()
