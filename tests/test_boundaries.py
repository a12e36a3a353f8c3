"""Who may know whom: proved in fresh interpreters and on the source itself."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = sorted((ROOT / "gan_core").rglob("*.py"))
WITHOUT_TORCH = (
    "gan_core", "gan_core.gans.config", "gan_core.runs", "gan_core.jobs", "gan_core.gans.variants", "gan_core.gans.objectives", "gan_core.gans.recipes",
    "gan_core.gans.priors", "gan_core.gans.penalties", "gan_core.data", "gan_core.training.events", "gan_core.export.archive", "gan_core.cli",
    "gan_core.health", "gan_core.health.demonstrations", "gan_core.gans.compatibility", "gan_core.digits.numbers", "gan_core.digits.dataset", "gan_core.digits.dataset_orders",
)  # fmt: skip


@pytest.mark.parametrize("module", WITHOUT_TORCH)
def test_describing_and_listing_does_not_import_torch(module):
    script = f"import {module}, sys; bad = {{'torch', 'torchvision', 'streamlit', 'plotly'}} & set(sys.modules); assert not bad, bad"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_the_whole_core_lives_without_streamlit_and_plotly():
    modules = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in CORE if p.name != "__main__.py"]
    script = "import importlib, sys\n" + "\n".join(f"importlib.import_module({m!r})" for m in modules)
    script += "\nassert not {'streamlit', 'plotly', 'matplotlib'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_arrows_point_from_pages_to_core_and_never_back():
    for path in CORE:
        for name in imported(path):
            assert name.split(".")[0] not in {"app", "pages", "streamlit", "plotly"}, path


def test_pages_do_no_tensor_arithmetic():
    for path in (ROOT / "pages").rglob("*.py"):
        if "parts" not in path.parts:
            assert "torch" not in {name.split(".")[0] for name in imported(path)}, path


def test_nothing_is_unpickled():
    for path in [*CORE, ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]:
        assert not {name.split(".")[0] for name in imported(path)} & {"pickle", "dill", "joblib", "shelve"}, path
        source = path.read_text()
        assert "torch.load(" not in source, path
        assert "allow_pickle=True" not in source, path


def test_no_discriminator_ends_in_a_sigmoid():
    for path in (ROOT / "gan_core" / "networks").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and "Discriminator" in node.name:
                assert "Sigmoid" not in ast.unparse(node), path
                assert "Softmax" not in ast.unparse(node), path
