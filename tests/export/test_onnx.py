"""Every shipped generator as ONNX, against PyTorch."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch

import gan_core
from gan_core import runs
from gan_core.errors import AtelierError
from gan_core.export import onnx
from gan_core.runs import folders


def of_each_architecture() -> list[str]:
    """The shipped runs, one for each generator of other layers or sizes: the weights alone make no other program."""
    first: dict[str, str] = {}
    for run in runs.shipped():
        first.setdefault(repr(gan_core.load(run).G), run.id)
    return list(first.values())


def test_every_shipped_architecture_is_the_same_in_onnx():
    names = of_each_architecture()
    assert len(names) > 10
    for name in names:
        same_in_onnx(name)


def same_in_onnx(name: str) -> None:
    """Asserts that the run's generator draws the same as an ONNX file, blends of classes and the numbers beside it included."""
    model = gan_core.load(runs.find(folders.SHIPPED / name))
    session = onnxruntime.InferenceSession(onnx.encode(model), providers=["CPUExecutionProvider"])
    k = model.variant.classes
    assert [i.name for i in session.get_inputs()] == (["z", "y"] if k else ["z"]), name
    for n in (1, 3):
        z = model.latents(n, seed=5)
        y = torch.rand(n, k, generator=torch.Generator().manual_seed(1)).softmax(1) if k else None
        (x,) = session.run(["x"], {"z": z.numpy()} | ({"y": y.numpy()} if y is not None else {}))
        np.testing.assert_allclose(x, model.generate(z, y).numpy(), atol=2e-5, err_msg=name)
    about = session.get_modelmeta().custom_metadata_map
    assert about["run"] == name
    assert about["pixels"] == str(model.G.pixels), name


def test_a_process_of_its_own_writes_the_same_and_says_what_is_wrong(tmp_path):
    run = runs.find("sine-mlp")
    assert onnx.encode_apart(run) == onnx.encode(gan_core.load(run))
    with pytest.raises(AtelierError, match="is not a run"):
        onnx.encode_apart(runs.Run(tmp_path))


def test_a_missing_package_is_named_before_anything_is_made(monkeypatch):
    assert onnx.why_not() is None
    monkeypatch.setattr(onnx.importlib.util, "find_spec", lambda name: None if name == "onnxscript" else object())
    assert "onnxscript, which is not installed: pip install onnx onnxscript." in onnx.why_not()
    with pytest.raises(AtelierError, match="onnxscript"):
        onnx.encode(gan_core.load("sine-mlp"))
