"""Who may know whom: the arrows between the wings, what does not import torch, and what nobody does. Read from the source itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WINGS = (
    *("translation", "data", "networks", "storage"),  # what there is
    *("gans", "metrics", "runs"),
    *("training", "health"),
    *("trained", "jobs"),
    *("evaluation", "export", "digits"),
    "cli",
)
"the packages of gan_core from the bottom up: imports point left, or to the spine"
SPINE = ("errors", "types", "lazy", "settings", "seeding", "pictures")
"modules that every wing may import"
WITH_TORCH = ("types", "networks", "metrics", "storage.tensors", "trained", "evaluation.protocol")
"modules that import torch as soon as they are imported, and the packages in which all may; `training` and `jobs` have theirs below"
WITH_TORCH_TOO = (
    *("training.loop", "training.step", "training.state", "training.optimizers", "training.probe"),
    *("training.fixed_grid", "training.look", "training.cuda_graph"),
    *("jobs.recorder", "evaluation.card", "evaluation.looking", "evaluation.ship", "export.browser", "export.onnx", "digits.preprocess"),
)  # fmt: skip
MOST_LINES = 450
MOST_MODULES = 8

CORE = sorted((ROOT / "gan_core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name of a module, that of the package for its __init__."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in (*CORE, *PAGES, *BENCHMARKS)}


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports: at its top, inside functions, for types only, or through Lazy."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Lazy" and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def wing(module: str) -> str:
    """The part of gan_core that a module belongs to."""
    return module.removeprefix("gan_core").strip(".").partition(".")[0]


def test_the_wings_are_all_there_is() -> None:
    packages = {path.name for path in (ROOT / "gan_core").iterdir() if (path / "__init__.py").is_file()}
    assert packages == set(WINGS)
    modules = {path.stem for path in (ROOT / "gan_core").glob("*.py")}
    assert modules == {"__init__", "__main__", *SPINE}
    assert len(modules) <= MOST_MODULES


def test_imports_point_down() -> None:
    wrong = []
    for path in CORE:
        here = wing(name_of(path))
        for module in imported(path):
            there = wing(module)
            if not module.startswith("gan_core") or there in ("", here) or there in SPINE or here in ("", "__main__"):
                continue
            if here in SPINE or WINGS.index(there) > WINGS.index(here):
                wrong.append(f"{name_of(path)} -> {module}")
    assert not wrong


def test_there_is_no_circle() -> None:
    """Not between modules of one wing or between benchmarks either, late imports included."""
    graph: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        graph[name] = {module for module in imported(path) if module in MODULES and module != name}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(reversed(error.args[1]))}")


def test_no_file_is_long() -> None:
    scripts = [*ROOT.glob("pages/**/*.js"), *ROOT.glob("tests/**/*.py")]
    long = {
        str(path.relative_to(ROOT)): n for path in (*MODULES.values(), *scripts) if (n := path.read_text("utf-8").count("\n")) > MOST_LINES
    }
    assert not long


def _may_import_torch(module: str) -> bool:
    below = module.removeprefix("gan_core.")
    return any(below == name or below.startswith(f"{name}.") for name in (*WITH_TORCH, *WITH_TORCH_TOO))


def test_describing_and_listing_does_not_import_torch() -> None:
    """Each in a fresh interpreter would take a minute: all in one, and one by one only where that one fails."""
    light = [name for name in MODULES if name.startswith("gan_core") and not name.endswith("__main__") and not _may_import_torch(name)]
    heavy = {"torch", "torchvision", "streamlit", "plotly"}
    script = "import importlib, sys\n"
    for name in light:
        script += f"importlib.import_module({name!r}); bad = {heavy} & set(sys.modules); assert not bad, ({name!r}, bad)\n"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(light) > 30


def test_the_whole_core_lives_without_streamlit_and_plotly() -> None:
    modules = [name for name in MODULES if name.startswith("gan_core") and not name.endswith("__main__")]
    script = "import importlib, sys\n" + "\n".join(f"importlib.import_module({m!r})" for m in modules)
    script += "\nassert not {'streamlit', 'plotly', 'matplotlib'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_arrows_point_from_pages_to_core_and_never_back() -> None:
    for path in CORE:
        for name in imported(path):
            assert name.split(".")[0] not in {"app", "pages", "streamlit", "plotly"}, path


def test_a_page_knows_its_own_parts_and_what_is_shared() -> None:
    for name, path in MODULES.items():
        if name.startswith("pages."):
            here = name.split(".")[1]
            for module in imported(path):
                if module.startswith("pages."):
                    assert module.split(".")[1] in {here, "shared"}, f"{name} -> {module}"


def test_pages_do_no_tensor_arithmetic() -> None:
    for path in PAGES:
        if path.name == "page.py":
            assert "torch" not in {name.split(".")[0] for name in imported(path)}, path


def test_nothing_is_unpickled() -> None:
    for path in [*CORE, ROOT / "app.py", *PAGES, *BENCHMARKS]:
        assert not {name.split(".")[0] for name in imported(path)} & {"pickle", "dill", "joblib", "shelve"}, path
        source = path.read_text(encoding="utf-8")
        assert "torch.load(" not in source, path
        assert "allow_pickle=True" not in source, path


def test_no_discriminator_ends_in_a_sigmoid() -> None:
    for path in (ROOT / "gan_core" / "networks").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and "Discriminator" in node.name:
                assert "Sigmoid" not in ast.unparse(node), path
                assert "Softmax" not in ast.unparse(node), path


OWN_PROCESS = {"seeding", "metrics.judge_training", "metrics.gan_train", "trained.axes"}
"modules that set torch's global generator: they work in processes of their own, not in the threads of the server"


def test_nobody_seeds_the_generator_that_the_threads_of_the_server_share() -> None:
    for name, path in MODULES.items():
        if name.removeprefix("gan_core.") not in OWN_PROCESS and not name.startswith("benchmarks"):  # no server's threads there
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    assert ast.unparse(node.func) not in {"torch.manual_seed", "torch.random.manual_seed", "torch.random.fork_rng"}, path
