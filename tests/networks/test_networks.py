"""Networks computed in another order than they are described in: the same function."""

import pytest
import torch
from torch import nn

from gan_core.gans.variants import VARIANTS
from gan_core.networks import dcgan
from gan_core.networks.fast.one_channel import FromOneChannel, ToOneChannel
from gan_core.networks.fast.pooled_batch_norm import NormalisedMaximum


def test_the_upsampled_convolution_is_upsampling_and_a_convolution():
    layer = dcgan.UpsampledConv(5, 3)
    plain = nn.ConvTranspose2d(5, 3, 3, padding=1)
    plain.load_state_dict(layer.state_dict())
    x = torch.randn(2, 5, 7, 7, dtype=torch.float64)
    torch.testing.assert_close(layer.double()(x), plain.double()(nn.functional.interpolate(x, scale_factor=2)))


def test_the_upsampled_convolution_to_one_channel_is_the_same_to_every_order():
    layer = dcgan.UpsampledConv(5, 1).double()
    torch.nn.init.normal_(layer.bias)
    plain = nn.ConvTranspose2d(5, 1, 3, padding=1).double()
    plain.load_state_dict(layer.state_dict())
    x = torch.randn(2, 5, 7, 6, dtype=torch.float64, requires_grad=True)
    torch.testing.assert_close(layer(x), plain(nn.functional.interpolate(x, scale_factor=2)))
    assert torch.autograd.gradcheck(layer, x)
    assert torch.autograd.gradgradcheck(layer, x)


@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (4, 2)])
def test_a_convolution_of_one_channel_is_a_convolution_to_every_order(kernel: int, stride: int):
    layer, plain = FromOneChannel(4, kernel, stride).double(), nn.Conv2d(1, 4, kernel, stride, padding=1).double()
    plain.load_state_dict(layer.state_dict())
    x = torch.randn(2, 1, 6, 8, dtype=torch.float64)
    torch.testing.assert_close(layer(x), plain(x))
    torch.testing.assert_close(layer(x.requires_grad_()), plain(x))
    gradients = [torch.autograd.grad(f(x).square().sum(), [x, *f.parameters()]) for f in (layer, plain)]
    torch.testing.assert_close(*gradients)
    assert torch.autograd.gradgradcheck(layer, x)


def test_a_transposed_convolution_to_one_channel_is_one_to_every_order():
    layer, plain = ToOneChannel(3).double(), nn.ConvTranspose2d(3, 1, 4, stride=2, padding=1).double()
    plain.load_state_dict(layer.state_dict())
    x = torch.randn(2, 3, 5, 4, dtype=torch.float64, requires_grad=True)
    torch.testing.assert_close(layer(x), plain(x))
    gradients = [torch.autograd.grad(f(x).square().sum(), [x, *f.parameters()]) for f in (layer, plain)]
    torch.testing.assert_close(*gradients)
    assert torch.autograd.gradgradcheck(layer, x)


@pytest.mark.parametrize("negative", [False, True])
def test_the_maximum_before_batch_norm_is_the_maximum_after_it(negative: bool):
    layer = NormalisedMaximum(3, eps=1e-3, momentum=0.01).double()
    nn.init.uniform_(layer.weight, 0.5, 2.0)
    nn.init.normal_(layer.bias)
    if negative:
        with torch.no_grad():
            layer.weight[1] *= -1
    plain = nn.BatchNorm2d(3, eps=1e-3, momentum=0.01).double()
    plain.load_state_dict(layer.state_dict())
    for memory in (torch.channels_last, torch.contiguous_format):
        x = (3 * torch.randn(4, 3, 6, 8, dtype=torch.float64) + 1).to(memory_format=memory).requires_grad_()
        a, b = layer(x), nn.functional.max_pool2d(plain(x), 2)
        torch.testing.assert_close(a, b)
        torch.testing.assert_close(layer.state_dict(), plain.state_dict())
        weights = torch.randn_like(b)
        gradients = [torch.autograd.grad((y * weights).sum(), [x, f.weight, f.bias]) for y, f in ((a, layer), (b, plain))]
        torch.testing.assert_close(*gradients)
    x = x.detach()
    torch.testing.assert_close(layer.eval()(x), nn.functional.max_pool2d(plain.eval()(x), 2))


@pytest.mark.parametrize("norm", [False, True])
def test_the_discriminator_is_what_text_001_describes(norm: bool):
    D = dcgan.Discriminator(1, norm, channels=8)

    def stage(inward: int) -> list[nn.Module]:
        norm_of = nn.BatchNorm2d(8, eps=1e-3, momentum=0.01) if norm else nn.Identity()
        return [nn.Conv2d(inward, 8, 3, padding=1), norm_of, nn.LeakyReLU(0.3), nn.MaxPool2d(2)]

    norm_of = nn.BatchNorm1d(128, eps=1e-3, momentum=0.01) if norm else nn.Identity()
    plain = nn.Sequential(*stage(1), *stage(8), nn.Flatten(), nn.Linear(392, 128), norm_of, nn.LeakyReLU(0.3), nn.Linear(128, 1))
    plain.load_state_dict(dict(zip(plain.state_dict(), D.state_dict().values(), strict=True)))
    x = torch.rand(4, 1, 28, 28, dtype=torch.float64, requires_grad=True)  # biases before batch norm: gradients of 0, in float32 of 1e-5
    a, b = D.double()(x), plain.double()(x).squeeze(1)
    torch.testing.assert_close(a, b)
    gradients = [torch.autograd.grad(y.square().sum(), [x, *f.parameters()]) for y, f in ((a, D), (b, plain))]
    for mine, its in zip(*gradients, strict=True):
        torch.testing.assert_close(mine, its)


@pytest.mark.parametrize("name", [name for name, variant in VARIANTS.items() if variant.classes])
def test_a_class_and_its_one_hot_shares_are_the_same_request(name: str):
    G, _ = VARIANTS[name].networks["stable"].build()
    G.eval()
    z, y = VARIANTS[name].prior.sample(10, torch.device("cpu")), torch.arange(10)
    whole = nn.functional.one_hot(y, 10).float()
    with torch.no_grad():
        torch.testing.assert_close(G(z, whole), G(z, y))
        assert not torch.allclose(G(z, (whole + whole.roll(1, 1)) / 2), G(z, y), atol=1e-3)  # a blend is neither
