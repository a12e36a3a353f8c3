"""The command gan-atelier: opens the app in the browser, from whatever folder."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

from gan_core import settings


def command(arguments: Sequence[str]) -> list[str]:
    """The command line of the Streamlit server. Options that are not ours go on to it: --server.baseUrlPath x, --theme.base dark .."""
    parser = argparse.ArgumentParser(
        prog="gan-atelier", description="Opens GAN Atelier in the browser; further options go to `streamlit run`.", allow_abbrev=False
    )
    parser.add_argument("--port", type=int, default=8501, help="default 8501")
    parser.add_argument("--address", default="127.0.0.1", help="0.0.0.0 lets others in; default 127.0.0.1, this machine alone")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    known, more = parser.parse_known_args(arguments)
    # -P: a random.py in the current folder is not ours; Streamlit reads .streamlit/config.toml from beside app.py wherever we are
    options = ["--server.port", str(known.port), "--server.address", known.address]
    if known.no_browser:
        options += ["--server.headless", "true"]
    return [sys.executable, "-P", "-m", "streamlit", "run", str(settings.ROOT / "app.py"), *options, *more]


def main() -> None:
    """Becomes the server. A setting that does not fit is one sentence on stderr and exit code 2."""
    arguments = command(sys.argv[1:])
    if wrong := settings.complaints():
        print("\n".join(wrong), file=sys.stderr)
        raise SystemExit(2)
    if os.name == "posix":
        os.execv(sys.executable, arguments)  # signals reach the server itself
    raise SystemExit(subprocess.call(arguments))
