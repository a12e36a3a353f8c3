"""The header of a safetensors file, checked against the file's size; no tensor is read, and torch is not needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gan_core.errors import AtelierError
from gan_core.translation import _

MAX_BYTES = 256 * 2**20
MAX_HEADER = 2**20


def metadata_of(file: Path) -> dict[str, str]:
    """The metadata of a safetensors file. Raises AtelierError if it is none."""
    found = read(file).get("__metadata__")
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def read(file: Path) -> dict[str, Any]:
    """The header of a safetensors file, whose promised size is the file's. Reads no tensor."""
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            start = stream.read(8)
            if size > MAX_BYTES:
                raise AtelierError(
                    _("{file} is too large ({size:,.0f} MiB; at most {max_bytes} MiB are read).").format(
                        file=file.name, size=size / 2**20, max_bytes=MAX_BYTES // 2**20
                    )
                )
            length = int.from_bytes(start, "little")
            if length > MAX_HEADER and (start[:4] == b"PK\x03\x04" or start[:1] == b"\x80"):
                raise AtelierError(
                    _("{file} is a pickled PyTorch file, which could run code when opened. Only safetensors files are read.").format(
                        file=file.name
                    )
                )
            if len(start) < 8 or not 2 <= length <= min(MAX_HEADER, size - 8):
                raise AtelierError(
                    _("{file} is not a safetensors file, or was cut off: its header does not fit into it.").format(file=file.name)
                )
            text = stream.read(length)
    except OSError as error:
        raise AtelierError(_("{file} cannot be read: {why}.").format(file=file, why=error.strerror)) from error
    try:
        header = json.loads(text)
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        promised = 8 + length + max(ends, default=0)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise AtelierError(_("{file} is not a safetensors file: its header cannot be understood.").format(file=file.name)) from None
    if promised != size:
        raise AtelierError(
            _("{file} was cut off or changed: it is {size:,} bytes long, its header says {promised:,}.").format(
                file=file.name, size=size, promised=promised
            )
        )
    return header


def progress_of(file: Path) -> dict[str, Any]:
    """How far the training was that a resume file keeps. Raises AtelierError if it does not say.

    `step`, `seconds`, `open_record`, and in how many steps one network alone was updated: `single_d`, `single_g` (0 in older files).
    """
    try:
        progress = json.loads(read(file)["__metadata__"]["progress"])
        whole = {name: int(progress.get(name, 0)) for name in ("single_d", "single_g")}
        return whole | {"step": int(progress["step"]), "seconds": float(progress["seconds"]), "open_record": list(progress["open_record"])}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise AtelierError(_("{file} is no resume file: it does not name the step of the training.").format(file=file.name)) from None
