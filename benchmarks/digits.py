"""Times the digits page: each section asked for the first time and again, on the server alone, without a browser.

    python benchmarks/digits.py [--run cgan-stable] [--repeats 10]

The first time of a section draws and, for "Right or wrong", reads 2,000 digits; afterwards all is kept.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from gan_core import settings
from pages.shared import links

ROOT = Path(__file__).parents[1]
SECTIONS = ("Choose", "Write", "Styles", "Blend", "Right or wrong", "Data set")
TARGET_MS = 100.0


def main() -> None:
    """Prints a line for each section."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--run", default="cgan-stable")
    options.add_argument("--repeats", type=int, default=10)
    asked = options.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[settings.variable("runs")] = folder
        measure(asked.run, asked.repeats)


def measure(run: str, repeats: int) -> None:
    """Opens the page once to load torch and the network, then each section by its address, and again."""
    opened(run, "Data set")
    print(f"digits page of {run}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    for section in SECTIONS:
        page, first = opened(run, section)
        times = []
        for _ in range(repeats):
            begun = time.perf_counter()
            page.run()
            times.append(1000 * (time.perf_counter() - begun))
        again = statistics.median(times)
        verdict = "met" if again <= TARGET_MS else "missed"
        print(f"{section}: first {first:.0f} ms, again {again:.0f} ms (worst {max(times):.0f}); target {TARGET_MS:g} ms {verdict}")


def opened(run: str, section: str) -> tuple[AppTest, float]:
    """The page as somebody opens it at a section, and how long its run took [ms]."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300).run()
    page.query_params["run"], page.query_params["show"] = run, section
    page.switch_page(links.DIGITS.file)
    begun = time.perf_counter()
    page.run()
    took = 1000 * (time.perf_counter() - begun)
    if page.exception or page.session_state["show"] != section:
        raise RuntimeError(f"The page did not open at {section!r}.")
    return page, took


if __name__ == "__main__":
    main()
