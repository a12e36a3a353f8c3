"""How long a drawn digit waits for its answer, for each shipped generator of images: prepared, and searched from samples at hand.

    python -m benchmarks.find_digit

One torch thread, as on a server. Processor time beside the clock's: on a machine that does other things they differ. The samples that
searches start from are drawn once for each generator and server; what that takes stands beside it.
"""

from __future__ import annotations

import time
from statistics import median

import numpy as np
import torch
from PIL import Image, ImageDraw

from gan_core import runs
from gan_core.digits import preprocess
from gan_core.trained import inversion
from gan_core.trained.model import load

REPEATS = 5


def drawn() -> np.ndarray:
    """A seven as a hand would put it onto the pad, grey levels [112, 112]."""
    sheet = Image.new("L", (112, 112))
    ImageDraw.Draw(sheet).line([(34, 28), (78, 28), (70, 50), (56, 72), (50, 95)], fill=255, width=8, joint="curve")
    return np.asarray(sheet)


def main() -> None:
    """Prints a row a generator."""
    torch.set_num_threads(1)
    print("| run | CPU s | s by the clock | samples to start from, CPU s | error |\n| --- | --- | --- | --- | --- |")
    for run in runs.shipped():
        if run.config.about.kind != "images":
            continue
        model = load(run)
        model.generate(*_one(model))  # the first call sets things up
        begun = time.process_time()
        among = inversion.starts(model)
        first = time.process_time() - begun
        spent, waited, error = [], [], 0.0
        for _ in range(REPEATS):
            begun, clock = time.process_time(), time.perf_counter()
            target = torch.from_numpy(preprocess.prepare(drawn()).digit).float().view(1, 1, 28, 28) / 255
            error = float(list(inversion.search(model, target, among))[-1].error[0])
            spent.append(time.process_time() - begun)
            waited.append(time.perf_counter() - clock)
        print(f"| `{run.id}` | {median(spent):.2f} | {median(waited):.2f} | {first:.2f} | {error:.3f} |", flush=True)


def _one(model):  # type: ignore[no-untyped-def]
    """One z, and one class where there are classes."""
    return model.latents(1), torch.zeros(1, dtype=torch.long) if model.variant.classes else None


if __name__ == "__main__":
    main()
