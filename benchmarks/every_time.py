"""Does a stable recipe learn every time? Trains variants from several seeds for a short while and prints what each seed came to.

    python -m benchmarks.every_time [--seeds 3] [--steps 600] [variant ...]

Digits: kid1k against the built-in digits through the judge, digits covered, and for conditional GANs class accuracy, before (an untrained
generator) and after. Curves: root mean square error of the best fitting sine. Needs no download.
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import torch

from benchmarks.samples import unit_samples
from gan_core import configure, data
from gan_core.gans.variants import VARIANTS
from gan_core.metrics import classes, curves, frechet, judge
from gan_core.training.state import State
from gan_core.training.step import train_step

N = 1000


def digits(state: State) -> dict[str, float]:
    """kid1k, digits covered, class accuracy of N samples."""
    x, y = unit_samples(state, state.ema_or_G.eval(), N)
    state.G.train()
    features, opinions = judge.look(x)
    real, _ = data.image_arrays("digits-5k")
    real_features, _ = judge.look(data.to_range(torch.from_numpy(real[::5]), (0.0, 1.0)))
    found = {"kid1k": frechet.kernel_distance(features, real_features), "digits": float(classes.covered(classes.histogram(opinions)))}
    return found | ({"class accuracy": classes.agreement(opinions, y)} if y is not None else {})


def sines(state: State) -> dict[str, float]:
    """Median error of the best fitting sine of N curves, and the spread of their frequencies."""
    z = state.config.about.prior.sample(N, state.device, torch.Generator().manual_seed(0))
    with torch.no_grad():
        x = state.ema_or_G.eval()(z).double().numpy()
    state.G.train()
    fit = curves.fit_sines(data.sine_abscissae(state.config.data, state.device).double().numpy(), x)
    return {"sine rmse": median(fit.error.tolist()), "amplitude": float(fit.amplitude.mean()), "frequency sd": float(fit.frequency.std())}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("variants", nargs="*", default=list(VARIANTS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=600)
    arguments = parser.parse_args()
    for name in arguments.variants:
        measure = sines if VARIANTS[name].kind == "curves" else digits
        for seed in range(arguments.seeds):
            state = State.fresh(configure(name, "stable", seed=seed, steps=arguments.steps))
            if seed == 0:
                print(f"{name}, untrained: " + show(measure(state)))
            began = time.perf_counter()
            for _ in range(arguments.steps):
                train_step(state)
            seconds = time.perf_counter() - began
            print(f"{name}, seed {seed}, {arguments.steps} steps in {seconds:.0f} s: " + show(measure(state)), flush=True)


def show(values: dict[str, float]) -> str:
    """The values in a line."""
    return ", ".join(f"{name} {value:.3g}" for name, value in values.items())


if __name__ == "__main__":
    main()
