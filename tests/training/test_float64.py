"""An Apple GPU has no float64: nothing of a training may ask for it on the device. Shown without such a GPU, by following tensors."""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from gan_core.training import clock, probe, state
from gan_core.training.events import Probe
from gan_core.training.loop import train
from tests.configs import each_recipe, small

DEVICE = torch.device("cpu", 0)  # plays an Apple GPU: what is made or brought there is marked, and what comes of it


class NoFloat64OnTheDevice(TorchDispatchMode):
    """Marks what lies on the device, and refuses float64 there."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        given = [t for t in tree_leaves((args, kwargs)) if isinstance(t, torch.Tensor)]
        there = any(getattr(t, "there", False) for t in given) or kwargs.get("device") == DEVICE
        results = function(*args, **kwargs)
        changed = args[0] if function._schema.is_mutable and args else None  # what changes many tensors at once gives none of them
        for result in tree_leaves((results, changed)):
            if there and isinstance(result, torch.Tensor):
                result.there = True
                assert result.dtype != torch.float64, f"{function} makes float64 on the device"
        return results


@pytest.fixture
def a_device_without_float64(monkeypatch):
    """Every grid of a training comes with a small probe."""
    move_tensor, move_network = torch.Tensor.to, torch.nn.Module.to

    def tensor_to(self, *args, **kwargs):
        result = move_tensor(self, *args, **kwargs)
        result.there = DEVICE in args
        return result

    def network_to(self, *args, **kwargs):
        for part in move_network(self, *args, **kwargs).state_dict(keep_vars=True).values():
            part.there = DEVICE in args
        return self

    monkeypatch.setattr(torch.Tensor, "to", tensor_to)
    monkeypatch.setattr(torch.nn.Module, "to", network_to)
    monkeypatch.setattr(torch.Tensor, "cpu", lambda self: torch.from_numpy(self.detach().numpy().copy()))
    monkeypatch.setattr(state, "device_of", lambda config: DEVICE)
    monkeypatch.setattr(clock.Clock, "probe_due", lambda self, step: step > self.last_probe)
    monkeypatch.setattr(probe, "SAMPLES", 50)
    with NoFloat64OnTheDevice():
        yield


@each_recipe
def test_no_training_makes_float64_on_the_device(variant, recipe, a_device_without_float64):
    events = list(train(small(variant, recipe, steps=2)))
    assert sum(isinstance(event, Probe) for event in events) == 3
    assert all(t.there for name, t in events[-2].weights.items()), "the networks were not followed"


def test_the_device_of_these_tests_does_refuse_it(a_device_without_float64):
    there = torch.ones(3, device=DEVICE)
    there.cpu().double().mean()
    with pytest.raises(AssertionError, match="float64 on the device"):
        there.double()
