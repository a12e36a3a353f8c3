"""Trains gan-bn as published on MNIST and prints its losses at the end of each epoch beside those that text 003 prints.

    GAN_ATELIER_DATA=<folder with MNIST/raw> python -m benchmarks.gan_bn_trajectory [seed]

The text prints the losses of the last batch of each of its ten epochs of 300 steps; D's is the mean of its two updates.
"""

import sys

from gan_core import configure, train
from gan_core.training.events import Progress

TEXT_D = (0.132, 0.137, 0.417, 0.462, 0.525, 0.491, 0.535, 0.555, 0.589, 0.569)
TEXT_G = (8.27, 5.53, 2.37, 1.53, 1.36, 1.25, 1.13, 1.06, 1.10, 1.08)


def main() -> None:
    config = configure("gan-bn", "published", data="mnist", seed=int(sys.argv[1]) if len(sys.argv) > 1 else 0, log_every=1)
    print("epoch   D text   D here   G text   G here   (here: mean of the epoch's last 20 batches)")
    last: list[dict[str, float]] = []
    for event in train(config):
        for record in event.records if isinstance(event, Progress) else []:
            last = [*last[-19:], record]
            if record["step"] % 300 == 0:
                epoch = int(record["step"]) // 300 - 1
                d = sum(r["D/loss"] for r in last) / len(last) / 2
                g = sum(r["G/loss"] for r in last) / len(last)
                print(f"{epoch:5d} {TEXT_D[epoch]:8.3f} {d:8.3f} {TEXT_G[epoch]:8.2f} {g:8.2f}", flush=True)


if __name__ == "__main__":
    main()
