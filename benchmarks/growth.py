"""How cost grows: steps a second and peak memory over the batch and over the width of text 001's DCGAN.

    python -m benchmarks.growth [--seconds 5] [--threads 2]

Every point is trained in a process of its own, whose peak memory is its own, by the same `train_step` as every training. Prints a Markdown
table and draws docs/speed/growth.svg.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.plots import markdown, pyplot, save

ROOT = Path(__file__).parents[1]
FIGURE = ROOT / "docs" / "speed" / "growth.svg"
BATCHES, WIDTHS = (32, 64, 128, 256, 512, 1024), (8, 16, 32, 64)
BATCH, WIDTH = 64, 64  # as published
SHADES = {"published": "#e0803a", "stable": "#8b6cc7"}


def measure(recipe: str, batch: int, width: int, seconds: float, threads: int) -> dict[str, float]:
    """One point, in this process: {"rate": steps/s, "memory": peak of the process [MiB], "idle": the same before the first step}."""
    import torch

    from benchmarks.speed.worker import timed
    from gan_core import configure
    from gan_core.gans.variants import VARIANTS
    from gan_core.jobs import malloc
    from gan_core.networks import dcgan
    from gan_core.training.state import State
    from gan_core.training.step import train_step

    torch.set_num_threads(threads)
    malloc.keep_freed_memory()
    settings = VARIANTS["dcgan"].recipes[recipe].model_copy(update={"batch": batch})
    build = (lambda: dcgan.networks(channels=width)) if recipe == "published" else None
    state = State.fresh(configure("dcgan", recipe, settings=settings), build)
    idle = peak()
    rate, _ = timed(lambda: train_step(state), seconds, 2)
    return {"rate": rate, "memory": peak(), "idle": idle}


def peak() -> float:
    """Peak resident memory of this process [MiB]."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def apart(recipe: str, batch: int, width: int, seconds: float, threads: int) -> dict[str, Any]:
    """The same in a fresh process."""
    point = [recipe, str(batch), str(width), str(seconds), str(threads)]
    done = subprocess.run([sys.executable, "-m", "benchmarks.growth", "--point", *point], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return {"recipe": recipe, "batch": batch, "width": width} | json.loads(done.stdout)


def table(points: list[dict[str, Any]]) -> list[str]:
    """A Markdown row a point."""
    heads = "recipe", "batch", "channels", "steps/s", "images/s", "peak memory [MiB]", "before the first step"
    rows = []
    for p in points:
        width = f"{p['width']}" if p["recipe"] == "published" else "–"
        cells = [p["recipe"], f"{p['batch']:,}", width, f"{p['rate']:.2f}", f"{p['rate'] * p['batch']:,.0f}"]
        rows.append([*cells, f"{p['memory']:,.0f}", f"{p['idle']:,.0f}"])
    return markdown(heads, rows)


def draw(by_batch: list[dict[str, Any]], by_width: list[dict[str, Any]], path: Path) -> None:
    """Steps a second and the memory that training adds at its peak, over the batch and over the width."""
    figure, axes = pyplot().subplots(2, 2, figsize=(8.4, 6.0), sharex="col")
    for column, (points, name) in enumerate(((by_batch, "batch"), (by_width, "width"))):
        for recipe in SHADES:
            of = [p for p in points if p["recipe"] == recipe]
            if not of:
                continue
            x = [p[name] for p in of]
            for row, quantity in enumerate(("rate", "memory")):
                y = [p["memory"] - p["idle"] if quantity == "memory" else p["rate"] for p in of]
                axes[row][column].plot(x, y, color=SHADES[recipe], marker="o", ms=3.5, lw=1.3, label=recipe)
        ticks = sorted({p[name] for p in points})
        for row in (0, 1):
            axes[row][column].set_xscale("log", base=2)
            axes[row][column].grid(alpha=0.25)
            axes[row][column].set_xticks(ticks, [f"{tick}" for tick in ticks])
            axes[row][column].minorticks_off()
        axes[0][column].set_yscale("log")
        axes[1][column].set_ylim(bottom=0)
    axes[0][0].set_ylabel("steps per second")
    axes[1][0].set_ylabel("peak memory that training adds [MiB]")
    axes[1][0].set_xlabel(f"batch ({WIDTH} channels)")
    axes[1][1].set_xlabel(f"channels, as published (batch {BATCH})")
    axes[0][0].legend(frameon=False)
    path.parent.mkdir(exist_ok=True)
    save(figure, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="of each point")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=FIGURE, help="where the figure goes; default: %(default)s")
    parser.add_argument("--point", nargs=5, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.point:
        recipe, batch, width, seconds, threads = arguments.point
        print(json.dumps(measure(recipe, int(batch), int(width), float(seconds), int(threads))))
        return
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    by_batch = [apart(recipe, batch, WIDTH, arguments.seconds, arguments.threads) for batch in BATCHES for recipe in SHADES]
    by_width = [apart("published", BATCH, width, arguments.seconds, arguments.threads) for width in WIDTHS[:-1]]
    by_width.append(next(p for p in by_batch if (p["recipe"], p["batch"]) == ("published", BATCH)))
    how = f"{arguments.seconds:g} s a point, {arguments.threads} threads, load {load:.1f} before"
    print("\n".join(table([*sorted(by_batch, key=lambda p: p["recipe"]), *by_width[:-1]])))
    draw(by_batch, by_width, arguments.out)
    print(f"\ndcgan on the built-in digits, {how}; drew {arguments.out}")


if __name__ == "__main__":
    main()
