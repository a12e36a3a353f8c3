"""A generator as an ONNX file, which programs without PyTorch read."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from gan_core import settings
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.trained.model import Trained
from gan_core.translation import _
from gan_core.types import Samples

OPSET = 18
PACKAGES = ("onnx", "onnxscript")  # torch's exporter translates with the latter


class _Asked(nn.Module):
    """G with its classes as shares [N, K], which every conditional G here takes; one-hot asks for one class."""

    def __init__(self, G: nn.Module) -> None:
        super().__init__()
        self.G = G

    def forward(self, z: Tensor, y: Tensor) -> Samples:
        return self.G(z, y)


class _Free(nn.Module):
    """G without classes."""

    def __init__(self, G: nn.Module) -> None:
        super().__init__()
        self.G = G

    def forward(self, z: Tensor) -> Samples:
        return self.G(z)


def why_not() -> str | None:
    """Why no ONNX file can be written on this machine, as a sentence; None if one can."""
    missing = next((name for name in PACKAGES if importlib.util.find_spec(name) is None), None)
    if missing is None:
        return None
    return f"ONNX files are written with the package {missing}, which is not installed: pip install {' '.join(PACKAGES)}."


def encode_apart(run: Run) -> bytes:
    """What `encode` gives, made in a process of its own.

    For servers: tracing a network keeps Python busy for seconds, and quiets the warnings of all threads. Raises AtelierError.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "generator.onnx"
        done = subprocess.run(
            [sys.executable, "-m", "gan_core", "export", str(run.folder), "--onnx", str(file)],
            cwd=settings.ROOT,
            env={**os.environ, **settings.for_children(), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        if done.returncode != 0 or not file.is_file():
            raise AtelierError((done.stderr.strip() or _("The ONNX file was not written.")).splitlines()[-1])
        return file.read_bytes()


def encode(model: Trained) -> bytes:
    """The generator as an ONNX file: inputs `z` [n, Z] and, with classes, `y` [n, K], shares of them; output `x`, for any n.

    x is what `Trained.generate` gives, images between the ends of `pixels` in its metadata. Raises AtelierError without the packages.
    """
    if reason := why_not():
        raise AtelierError(reason)
    import onnx

    k, size = model.variant.classes, model.prior.size
    wrapped = _Asked(model.G) if k else _Free(model.G)
    names = ["z", "y"] if k else ["z"]
    example = (torch.zeros(2, size), torch.full((2, k), 1 / k)) if k else (torch.zeros(2, size),)
    n = torch.export.Dim("n", min=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            wrapped.eval(),
            example,
            dynamo=True,
            input_names=names,
            output_names=["x"],
            dynamic_shapes=tuple({0: n} for _ in names),
            opset_version=OPSET,
            verbose=False,
        )
    assert program is not None
    proto = program.model_proto
    onnx.helper.set_model_props(proto, {"run": model.run.id, "prior": str(model.prior), "pixels": str(model.G.pixels)})
    onnx.checker.check_model(proto)
    return proto.SerializeToString()
