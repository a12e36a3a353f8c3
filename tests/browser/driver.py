"""A real server and a real browser for tests and benchmarks: start, wait, look, and leave nothing running."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from gan_core import settings
from gan_core.runs import Run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Streamlit looks for its own base path under a deep link first, gets "not found", and looks one level up.
EXPECTED_404 = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")

PATIENCE = 60_000  # ms; a busy machine takes long to import torch


def chromium() -> str | None:
    """Where the system's Chromium is."""
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


@dataclass
class Server:
    """A running app."""

    address: str
    process: psutil.Process
    log: Path
    started: float
    "time.monotonic() at the launch"
    answered: float
    "time.monotonic() at the first good HTTP answer"


def of_the_checkout(port: int) -> list[str]:
    """The command line that serves the app as it lies here."""
    options = ("--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true")
    return [sys.executable, "-m", "streamlit", "run", "app.py", *options]


@contextmanager
def server(
    folder: Path, environment: dict[str, str] | None = None, command: Callable[[int], list[str]] = of_the_checkout, cwd: Path = ROOT
) -> Iterator[Server]:
    """The app on a free port, its runs in `folder`. At the end it is stopped, and every training it started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own_runs = folder / "runs"
    log = folder / "server.log"
    started = time.monotonic()
    with log.open("wb") as output:
        process = psutil.Popen(
            command(port),
            cwd=cwd,
            env=os.environ | {settings.variable("runs"): str(own_runs), settings.variable("ready"): "1"} | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for_answer(f"{address}/_stcore/health", process, log)
        yield Server(address, process, log, started, time.monotonic())
    finally:
        trainings = list(process.children(recursive=True)) if process.is_running() else []
        process.terminate()
        _, alive = psutil.wait_procs([process], timeout=5)
        for left in (*alive, *trainings):
            try:
                left.kill()
            except psutil.NoSuchProcess:
                continue


def _wait_for_answer(url: str, process: psutil.Process, log: Path, patience: float = 90.0) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            break
    raise RuntimeError(f"The server did not answer. It printed:\n{log.read_text()}")


@dataclass
class Watched:
    """A page, and what went wrong on it."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    "console errors, page errors, failed answers, requests that left this machine"


@contextmanager
def watched(browser: Browser, width: int = 1280, scheme: str = "light", height: int = 900) -> Iterator[Watched]:
    """A fresh page in a context of its own, under watch."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    seen = Watched(context.new_page())
    page = seen.page

    def console(message) -> None:  # type: ignore[no-untyped-def]
        if message.type == "error" and not EXPECTED_404.search(message.location.get("url", "")):
            seen.complaints.append(f"console: {message.text}")

    def response(answer) -> None:  # type: ignore[no-untyped-def]
        if answer.status >= 400 and not EXPECTED_404.search(answer.url):
            seen.complaints.append(f"{answer.status}: {answer.url}")

    def request(asked) -> None:  # type: ignore[no-untyped-def]
        if not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", asked.url):
            seen.complaints.append(f"leaves this machine: {asked.url}")

    page.on("console", console)
    page.on("response", response)
    page.on("request", request)
    page.on("websocket", request)
    page.on("pageerror", lambda error: seen.complaints.append(f"page error: {error}"))
    try:
        yield seen
    finally:
        context.close()


def shown_run(page: Page, folder: Path) -> Run:
    """The run of this folder that the lab has opened, once the address names it."""
    page.wait_for_url(re.compile(r"[?&]run="))
    found = re.search(r"run=([\w-]+)", page.url)
    assert found
    return Run(folder / found[1])


class Traffic:
    """Counts what a page sends and is sent: requests, websocket messages either way. To be made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        self.last = 0.0  # time.perf_counter() of the last of them
        page.on("request", lambda _: self._seen())
        page.on("websocket", self._listen)

    def _listen(self, socket) -> None:  # type: ignore[no-untyped-def]
        socket.on("framesent", lambda _: self._seen())
        socket.on("framereceived", lambda _: self._seen())

    def _seen(self) -> None:
        self.count += 1
        self.last = time.perf_counter()
