"""A generator as an ONNX file, which programs without PyTorch read."""

from __future__ import annotations

import warnings

import torch
from torch import Tensor, nn

from gan_core.errors import AtelierError
from gan_core.trained.model import Trained
from gan_core.types import Samples

OPSET = 18


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


def encode(model: Trained) -> bytes:
    """The generator as an ONNX file: inputs `z` [n, Z] and, with classes, `y` [n, K], shares of them; output `x`, for any n.

    x is what `Trained.generate` gives, images between the ends of `pixels` in its metadata. Raises AtelierError without the packages.
    """
    try:
        import onnx
        import onnxscript  # noqa: F401 # torch's exporter translates with it
    except ImportError as error:
        raise AtelierError(
            f"ONNX files are written with the package {error.name}, which is not installed: pip install onnx onnxscript."
        ) from None
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
