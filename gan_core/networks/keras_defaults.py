"""Keras' defaults, for faithful ports of networks that were written in it.

Source: the Keras 2 documentation of Dense, Conv2D, BatchNormalization and LeakyReLU.
"""

from typing import TypeVar

from torch import nn

Network = TypeVar("Network", bound=nn.Module)

LEAK = 0.3  # LeakyReLU's negative slope
EPS, MOMENTUM = 1e-3, 0.01  # BatchNormalization(momentum=0.99): the share of the new batch, in PyTorch's sense


def initialise(network: Network) -> Network:
    """Sets every dense and convolutional kernel to Glorot-uniform and every bias to zero; embeddings to U(-0.05, 0.05)."""
    for layer in network.modules():
        if isinstance(layer, nn.Linear | nn.Conv1d | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.Embedding):
            nn.init.uniform_(layer.weight, -0.05, 0.05)
    return network
