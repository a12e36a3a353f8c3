"""What pyproject.toml asks for, what is locked, and what the code imports are the same packages."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
APP = [Requirement(line) for line in PROJECT["dependencies"]]
DEV = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]
LOCKS = {"requirements.txt": APP, "requirements-dev.txt": APP + DEV}
MACHINES = [
    {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0", "sys_platform": sys_platform, "platform_machine": machine}
    | {"platform_system": system, "implementation_name": "cpython", "platform_python_implementation": "CPython"}
    for minor in (11, 12, 13, 14)
    for sys_platform, system, machine in (("linux", "Linux", "x86_64"), ("darwin", "Darwin", "arm64"), ("win32", "Windows", "AMD64"))
]


def pins(file: str) -> list[Requirement]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("file", LOCKS)
def test_every_dependency_is_pinned_once_within_its_range(file: str) -> None:
    locked = pins(file)
    for needed in LOCKS[file]:
        for machine in MACHINES:
            fitting = [
                pin
                for pin in locked
                if canonicalize_name(pin.name) == canonicalize_name(needed.name) and (pin.marker is None or pin.marker.evaluate(machine))
            ]
            assert len(fitting) == 1, f"{needed} has {len(fitting)} pins in {file} for {machine}: run `make lock`"
            (version,) = fitting[0].specifier
            assert needed.specifier.contains(version.version, prereleases=True), f"{file} pins {fitting[0]}, not {needed}: run `make lock`"


def test_the_two_locks_agree() -> None:
    assert {str(pin) for pin in pins("requirements.txt")} <= {str(pin) for pin in pins("requirements-dev.txt")}, "run `make lock`"


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_holds_for_every_machine(file: str) -> None:
    """No host, no folder of the machine that wrote it, nothing that only a torch for CUDA needs, versions and nothing else."""
    for pin in pins(file):
        assert re.fullmatch(r"==[\w.]+", str(pin.specifier)), pin
        assert pin.url is None
        assert not pin.name.startswith(("nvidia-", "cuda-", "triton")), pin
    assert not re.search(r"https?:|--|/", (ROOT / file).read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_whatever_the_app_imports_is_a_dependency() -> None:
    homes = packages_distributions()
    named = {canonicalize_name(needed.name) for needed in APP}
    for path in [*(ROOT / "gan_core").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]:
        for module in set(imports(path)) - set(sys.stdlib_module_names) - {"gan_core", "pages"}:
            assert named & {canonicalize_name(home) for home in homes.get(module, [])}, f"{path} imports {module}"
