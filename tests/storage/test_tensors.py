"""Files from elsewhere are checked before they are trusted."""

import io
import json
import pickle
import struct

import pytest
import torch

import gan_core
from gan_core import runs
from gan_core.errors import AtelierError
from gan_core.gans.variants import VARIANTS
from gan_core.jobs import recorder
from gan_core.storage import tensors as checkpoints
from gan_core.storage.header import MAX_BYTES
from gan_core.training.state import State
from tests.configs import each_recipe, small


def nets(variant: str = "gan"):
    return VARIANTS[variant].networks["published"].build()


@pytest.fixture
def good(tmp_path):
    """A weights file of `gan` and the networks it came from."""
    G, D = nets()
    file = tmp_path / "weights-0000001.safetensors"
    file.write_bytes(checkpoints.encode(checkpoints.weights_of(G, D), variant="gan"))
    return file, G, D


def refused(file, match: str, variant: str = "gan") -> None:
    """Loading raises one sentence, and changes nothing in the networks it was meant for."""
    G, D = nets(variant)
    before = [t.clone() for t in (*G.state_dict().values(), *D.state_dict().values())]
    with pytest.raises(AtelierError, match=match) as caught:
        checkpoints.load_weights(file, G, D)
    assert "\n" not in str(caught.value)
    after = [*G.state_dict().values(), *D.state_dict().values()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def with_header(tensors: dict, change) -> bytes:
    raw = checkpoints.encode(tensors)
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + raw[8 + length :]


def test_weights_come_back_as_they_were(good):
    file, G, D = good
    other_G, other_D = nets()
    checkpoints.load_weights(file, other_G, other_D)
    for mine, its in ((G, other_G), (D, other_D)):
        assert all(torch.equal(a, b) for a, b in zip(mine.state_dict().values(), its.state_dict().values(), strict=True))


@pytest.mark.parametrize("keep", [0, 4, 8, 60, 500, -1])
def test_a_truncated_file_is_refused(good, keep):
    file, *_ = good
    file.write_bytes(file.read_bytes()[:keep])
    refused(file, "not a safetensors file|cut off")


def test_a_file_with_something_appended_is_refused(good):
    file, *_ = good
    file.write_bytes(file.read_bytes() + b"more")
    refused(file, "cut off or changed")


class Payload:
    """If this is ever unpickled, it says so."""

    fired = False

    def __reduce__(self):
        return (exec, ("from test_checkpoints import Payload; Payload.fired = True",))


@pytest.mark.parametrize("protocol", range(6))
def test_a_bare_pickle_is_refused_and_not_run(tmp_path, protocol):
    file = tmp_path / "weights-0000001.safetensors"
    file.write_bytes(pickle.dumps(Payload(), protocol))
    refused(file, "pickled PyTorch file" if protocol >= 2 else "not a safetensors file")
    assert not Payload.fired


def test_a_torch_save_file_is_refused(tmp_path):
    buffer = io.BytesIO()
    torch.save(nets().G.state_dict(), buffer)
    file = tmp_path / "weights-0000001.safetensors"
    file.write_bytes(buffer.getvalue())
    refused(file, "pickled PyTorch file")


def test_noise_is_refused(tmp_path):
    file = tmp_path / "weights-0000001.safetensors"
    file.write_bytes(torch.randint(256, (5000,), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)).numpy().tobytes())
    refused(file, "not a safetensors file")


def test_an_oversized_file_is_refused_without_being_read(tmp_path):
    file = tmp_path / "weights-0000001.safetensors"
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)  # sparse
    refused(file, "too large")


def test_a_header_that_lies_about_its_size_is_refused(good):
    file, *_ = good
    file.write_bytes(struct.pack("<Q", 2**62) + file.read_bytes()[8:])
    refused(file, "not a safetensors file")


@pytest.mark.parametrize("text", [b"[]", b"{}}", b"{{", b"null", b'{"a": 1}', b'{"a": {"data_offsets": []}}', b"[" * 5000, b"\xff\xfe"])
def test_a_senseless_header_is_refused(tmp_path, text):
    file = tmp_path / "weights-0000001.safetensors"
    file.write_bytes(struct.pack("<Q", len(text)) + text)
    refused(file, "header cannot be understood")


def test_another_variants_weights_are_refused(good):
    file, *_ = good
    refused(file, "does not fit this variant", variant="gan-bn")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda h: h["G.layers.0.weight"].update(shape=[100, 128]), "has the shape"),
        (lambda h: h["G.layers.0.weight"].update(dtype="BF16"), "of type BF16"),
        (lambda h: h["G.layers.0.weight"].update(shape=[10**9, 10**9]), "has the shape"),
        (lambda h: h.update({"G.more": h.pop("G.layers.0.bias")}), "missing"),
        (lambda h: h.update({"extra": h["G.layers.0.bias"]}), "does not have"),
        (lambda h: h["G.layers.0.bias"].update(data_offsets=[0, 4]), "damaged"),
    ],
)
def test_a_header_that_does_not_fit_the_variant_is_refused(good, change, match):
    file, G, D = good
    file.write_bytes(with_header(checkpoints.weights_of(G, D), change))
    refused(file, match)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused(good, bad):
    file, G, D = good
    tensors = {n: t.clone() for n, t in checkpoints.weights_of(G, D).items()}
    tensors["D.layers.1.weight"][3, 5] = bad
    file.write_bytes(checkpoints.encode(tensors))
    refused(file, "not finite")


def test_a_weights_file_is_no_resume_file(good):
    file, *_ = good
    state = State.fresh(small("gan"))
    with pytest.raises(AtelierError, match="no resume file"):
        checkpoints.load_resume(file, state.G, state.D, state.average, state.g_optimizer, state.d_optimizer)


def test_a_resume_file_of_another_recipe_is_refused(tmp_path):
    run = runs.new(small("gan", "published", steps=1))
    list(recorder.work(run))
    state = State.fresh(small("gan", "stable"))
    with pytest.raises(AtelierError, match="does not fit this variant"):
        checkpoints.load_resume(run.resume_path, state.G, state.D, state.average, state.g_optimizer, state.d_optimizer)


@each_recipe
def test_what_was_trained_is_kept_loaded_and_sampled(variant, recipe):
    run = runs.new(small(variant, recipe, steps=2))
    list(recorder.work(run))
    assert run.status.state == "finished"
    trained = gan_core.load(run)
    x = trained.sample(7, seed=3)
    assert torch.equal(x, trained.sample(7, seed=3))
    assert torch.equal(x[:2], trained.sample(2, seed=3)) or torch.allclose(x[:2], trained.sample(2, seed=3), atol=1e-6)
    y = torch.arange(7) if trained.variant.classes else None
    assert trained.scores(x, y).shape == (7,)
    if trained.variant.kind == "images":
        assert trained.grey(x).shape == (7, 28, 28)


def test_the_front_door_says_what_is_wrong():
    run = runs.new(small("cgan", steps=1))
    with pytest.raises(AtelierError, match="no weights yet"):
        gan_core.load(run)
    list(recorder.work(run))
    trained = gan_core.load(run.id)
    assert trained.sample(3, digit=7).shape == (3, 1, 28, 28)
    for wrong, match in (({"digit": 10}, "0 to 9"), ({"digit": -1}, "0 to 9"), ({"seed": -1}, "seed")):
        with pytest.raises(AtelierError, match=match):
            trained.sample(3, **wrong)
    with pytest.raises(AtelierError, match="at least one"):
        trained.sample(0)
    with pytest.raises(AtelierError, match=r"\[n, 100\]"):
        trained.generate(torch.zeros(3, 99))
    with pytest.raises(AtelierError, match="needs a class"):
        trained.generate(torch.zeros(3, 100))
    plain = runs.new(small("gan", steps=1))
    list(recorder.work(plain))
    with pytest.raises(AtelierError, match="cannot be asked for a digit"):
        gan_core.load(plain).sample(3, digit=7)
    with pytest.raises(AtelierError, match="There is no run"):
        gan_core.load("nothing-of-that-name")
