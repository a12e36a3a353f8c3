"""The wheel, in an environment that holds nothing of the checkout, used from another folder.

The dependencies are those of the tests' own environment, looked up through a .pth file: installing torch once more takes minutes and
proves nothing about this package. `test_lock` holds what pyproject.toml asks for.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gan_core import settings
from gan_core.cli import serve
from tests.browser.conftest import browser  # noqa: F401
from tests.browser.driver import PATIENCE, server, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment into which the wheel was installed."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    commands = environment / ("Scripts" if os.name == "nt" else "bin")
    python = commands / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", ask], check=True, capture_output=True, text=True).stdout.strip())
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return commands


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another current folder, another home, nothing of the checkout in the way, and no folder of runs named."""
    for name in ("PYTHONPATH", settings.variable("runs")):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_the_app_and_the_shipped_runs_and_no_more(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    sources = run(
        "git",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "gan_core",
        "pages",
        "checkpoints",
        "app.py",
        ".streamlit",
        "static",
        cwd=ROOT,
    ).split()
    expected = {name if name.startswith("gan_core/") else f"gan_core/app/{name}" for name in sources}
    held = {name for name in names if ".dist-info/" not in name}
    assert expected - held == set()
    assert held - expected == set()


def test_python_and_the_command_line_work_from_another_folder(installed: Path, elsewhere: Path) -> None:
    python = installed / "python"
    script = "import gan_core; print(gan_core.__file__, tuple(gan_core.load('cgan').sample(4).shape), len(gan_core.runs.shipped()))"
    where, words = run(python, "-c", script, cwd=elsewhere).strip().split(" ", 1)
    assert Path(where).is_relative_to(installed.parent)
    assert words == f"(4, 1, 28, 28) {len(list((ROOT / 'checkpoints').glob('*/config.json')))}"
    run(python, "-m", "gan_core", "train", "sine-mlp", "--steps", "20", cwd=elsewhere)
    script = "import gan_core as g; run = g.submit(g.configure('sine-mlp', steps=20)); print(g.runs.wait(run, 120).state)"
    assert run(python, "-c", script, cwd=elsewhere).strip() == "finished", "by a process of its own"
    made = elsewhere.parent / "gan-atelier" / "runs"
    assert len(list(made.glob("*/config.json"))) == 2, "runs lie in the home folder"


def test_a_setting_that_does_not_fit_is_said_before_the_server_starts(installed: Path, elsewhere: Path) -> None:
    environment = os.environ | {settings.variable("max_runs"): "many"}
    done = subprocess.run([installed / "gan-atelier"], cwd=elsewhere, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.strip() == "GAN_ATELIER_MAX_RUNS = 'many' does not fit: set it to a whole number from 1 on."


@pytest.mark.browser
def test_the_command_opens_the_app_from_another_folder(installed: Path, elsewhere: Path, browser: Browser) -> None:  # noqa: F811
    def command(port: int) -> list[str]:
        return [str(installed / "gan-atelier"), "--port", str(port), "--no-browser"]

    with server(elsewhere, command=command, cwd=elsewhere) as app:
        with watched(browser) as seen:
            seen.page.set_default_timeout(PATIENCE)
            seen.page.goto(f"{app.address}/lab")  # a deep link on a server that nobody has opened yet
            seen.page.get_by_role("heading", name="Training lab").wait_for()
            seen.page.goto(app.address)
            seen.page.locator("[data-testid=stMain] img").first.wait_for()
            assert not seen.complaints
        with urllib.request.urlopen(f"{app.address}/app/static/icon.svg") as answer:  # .streamlit/config.toml was read
            assert answer.status == 200


def test_options_of_the_command_that_are_not_ours_go_on_to_streamlit() -> None:
    words = serve.command(["--port", "9", "--theme.base", "dark"])
    assert words[-6:] == ["--server.port", "9", "--server.address", "127.0.0.1", "--theme.base", "dark"]
    assert words[5] == str(settings.ROOT / "app.py")
