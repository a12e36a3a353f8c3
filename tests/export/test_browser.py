"""A generator's description, read by the plainest interpreter one can write: numpy, no shared code, no cleverness."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from torch import nn

import gan_core
from gan_core import runs
from gan_core.errors import AtelierError
from gan_core.export import browser
from gan_core.gans.variants import VARIANTS
from gan_core.networks import AnyGenerator
from tests.configs import each_recipe


def lived_in(G: AnyGenerator) -> AnyGenerator:
    """The generator with batch norms that have seen something, biases that are not zero, in evaluation mode."""
    torch.manual_seed(3)
    for layer in G.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            layer.running_mean.normal_(0, 0.5)
            layer.running_var.uniform_(0.3, 2)
            nn.init.uniform_(layer.weight, 0.5, 1.5)
            nn.init.normal_(layer.bias)
        elif getattr(layer, "bias", None) is not None:
            nn.init.normal_(layer.bias, 0, 0.2)
    return G.eval().requires_grad_(False)


def parts(content: bytes) -> tuple[dict, bytes]:
    """Header and numbers."""
    length = int.from_bytes(content[:4], "little")
    return json.loads(content[4 : 4 + length]), content[4 + length :]


def tensor(place: dict, numbers: bytes) -> np.ndarray:
    """One tensor, as float64."""
    return np.frombuffer(numbers, "<f2" if place["half"] else "<f4", place["count"], place["at"]).astype(np.float64)


def interpreted(content: bytes, z: np.ndarray, y: np.ndarray | None) -> np.ndarray:
    """What the description says G makes of one z [Z] and shares y [K]."""
    header, numbers = parts(content)
    if header["input"] == "multiplied":
        x = z * (y @ tensor(header["embedding"], numbers).reshape(header["classes"], header["z"]))
    else:
        x = np.concatenate([z, y]) if header["input"] == "joined" else z
    for layer in header["layers"]:
        weight, bias = tensor(layer["weight"], numbers), tensor(layer["bias"], numbers)
        scale = tensor(layer["scale"], numbers) if "scale" in layer else np.ones(layer["out"])
        if layer["kind"] == "dense":
            taken = x.ravel() * (tensor(layer["take"], numbers) if "take" in layer else 1.0)
            x = scale * (weight.reshape(layer["out"], layer["in"]) @ taken) + bias
            x = x.reshape(layer.get("maps", -1))
        else:
            kernel = weight.reshape(layer["in"], layer["out"], 4, 4)
            _, h, w = x.shape
            full = np.zeros((layer["out"], 2 * h + 2, 2 * w + 2))
            for c in range(layer["in"]):
                for row in range(h):
                    for column in range(w):
                        full[:, 2 * row : 2 * row + 4, 2 * column : 2 * column + 4] += x[c, row, column] * kernel[c]
            x = scale[:, None, None] * full[:, 1:-1, 1:-1] + bias[:, None, None]
        act = {"linear": lambda v: v, "tanh": np.tanh, "sigmoid": lambda v: 1 / (1 + np.exp(-v))}
        x = np.where(x < 0, layer["slope"] * x, x) if layer["act"] == "leaky" else act[layer["act"]](x)
    return x.ravel()


@each_recipe
def test_the_description_is_the_generator(variant: str, recipe: str) -> None:
    about = VARIANTS[variant]
    G = lived_in(about.networks[recipe].build().G)
    content = browser.describe(G, about, "this")
    z = about.prior.sample(2, torch.device("cpu"), torch.Generator().manual_seed(1))
    y = torch.eye(about.classes)[[3, 3]] if about.classes else None
    if y is not None:
        y[1] = 0.0
        y[1, 2], y[1, 7] = 0.25, 0.75  # a blend
    wanted = G(z, y).flatten(1).double().numpy()
    for i in range(2):
        assert np.allclose(interpreted(content, z[i].double().numpy(), None if y is None else y[i].double().numpy()), wanted[i], atol=2e-5)


@each_recipe
def test_no_batch_norm_is_left(variant: str, recipe: str) -> None:
    about = VARIANTS[variant]
    G = about.networks[recipe].build().G.eval()
    header, numbers = parts(browser.describe(G, about, "this"))
    weights = sum(isinstance(m, nn.Linear | nn.ConvTranspose2d) for m in G.modules())
    assert len(header["layers"]) == weights
    assert sum(t["count"] for layer in header["layers"] for n, t in layer.items() if n in ("weight", "bias", "scale", "take")) * 2 <= len(
        numbers
    )
    assert header["name"] == "this"


def test_weights_go_in_half_precision_only_where_that_is_exact() -> None:
    for run in runs.shipped():
        model = gan_core.load(run)
        header, numbers = parts(browser.describe(model.G, model.variant, run.id))
        assert header["layers"][0]["weight"]["half"], f"{run.id} ships in half precision"
        first = next(m for m in model.G.modules() if isinstance(m, nn.Linear)).weight
        assert np.array_equal(tensor(header["layers"][0]["weight"], numbers), first.double().numpy().ravel())
    G = VARIANTS["gan"].networks["stable"].build().G.eval()
    header, numbers = parts(browser.describe(G, VARIANTS["gan"], "fresh"))
    assert not header["layers"][0]["weight"]["half"]
    assert np.array_equal(tensor(header["layers"][0]["weight"], numbers), G.layers[0].weight.detach().double().numpy().ravel())


@pytest.mark.parametrize(
    ("layers", "what"),
    [
        ([nn.Linear(2, 3), nn.Softplus()], "Softplus"),
        ([nn.ReLU(), nn.Linear(2, 3)], "first layer"),
        ([nn.Linear(2, 3), nn.ReLU(), nn.BatchNorm1d(3)], "at its end"),
        ([nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2)), nn.ReLU(), nn.BatchNorm2d(1), nn.ConvTranspose2d(1, 1, 4, 2, 1)], "convolution"),
        ([nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2)), nn.ConvTranspose2d(1, 1, 3, 1, 1)], "kernel (3, 3)"),
        ([nn.Linear(2, 3), nn.BatchNorm1d(3, track_running_stats=False)], "running averages"),
        ([nn.Linear(2, 3), nn.ReLU(), nn.Tanh()], "two activations"),
        ([nn.Linear(2, 3), nn.BatchNorm1d(3), nn.BatchNorm1d(3)], "two batch norms"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_handed_over_is_a_sentence(layers: list[nn.Module], what: str) -> None:
    with pytest.raises(AtelierError, match="cannot run") as caught:
        browser.fold(layers)
    assert what in str(caught.value)


def test_another_generator_is_a_sentence() -> None:
    class Other(AnyGenerator):
        pixels = (0.0, 1.0)

    with pytest.raises(AtelierError, match="cannot run"):
        browser.describe(Other(), VARIANTS["gan"], "this")


def test_influence_finds_the_coordinates_that_matter() -> None:
    model = gan_core.load("gan")
    weight = model.G.layers[0].weight
    weight[:, 5] *= 50
    weight[:, 7] = 0
    found = browser.influence(model)
    assert max(range(100), key=lambda i: found[i]) == 5
    assert found[7] == 0
    assert min(v for i, v in enumerate(found) if i != 7) > 0
