"""The optimisers of a recipe, one step of one, and the rate as it falls."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gan_core.gans.objectives.base import Terms
from gan_core.gans.recipes import SGD, Adam, Optimizer, RMSprop


def build_optimizer(spec: Optimizer, network: nn.Module) -> torch.optim.Optimizer:
    """The optimiser a recipe describes, over all parameters of a network; on a CUDA device one whose steps can be recorded."""
    device = next(network.parameters()).device
    cuda = device.type == "cuda"
    lr = torch.tensor(spec.lr, device=device) if cuda else spec.lr
    match spec:
        case Adam():
            betas = spec.beta1, spec.beta2
            return torch.optim.Adam(network.parameters(), lr=lr, betas=betas, eps=spec.eps, fused=True, capturable=cuda)
        case SGD():
            return torch.optim.SGD(network.parameters(), lr=lr, fused=True if cuda else None)
        case RMSprop():
            return torch.optim.RMSprop(network.parameters(), lr=lr, capturable=cuda)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """From now on the optimiser moves at this rate; one whose steps are recorded reads it from the device."""
    group = optimizer.param_groups[0]
    if isinstance(group["lr"], Tensor):
        group["lr"].fill_(rate)
    else:
        group["lr"] = rate


def descend(optimizer: torch.optim.Optimizer, terms: Terms) -> None:
    """One step down the sum of the terms, touching only this optimizer's own parameters, whose gradients stay where they are."""
    parameters = own(optimizer)
    for parameter in parameters:
        parameter.grad = None
    loss, *others = terms.values()
    for term in others:
        loss = loss + term
    loss.backward(inputs=parameters)
    optimizer.step()


def own(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    """The parameters an optimizer moves."""
    return [p for group in optimizer.param_groups for p in group["params"]]


def gradient(optimizer: torch.optim.Optimizer) -> Tensor:
    """The norm of the gradient of its last step."""
    return torch.nn.utils.get_total_norm([p.grad for p in own(optimizer) if p.grad is not None])
