"""Steps per second of the same GANs, three ways side by side: Keras as the sources have it, plain PyTorch, and this project.

`python -m benchmarks.speed` runs them all and prints one table; docs/speed.md has a run of it.
"""

VARIANTS = ("gan", "gan-bn", "dcgan", "ssgan", "cgan", "wgan-gp")
