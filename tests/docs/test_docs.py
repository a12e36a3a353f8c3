"""The documents against the code: a promise that the code does not keep fails here."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gan_core import cli, runs, settings
from gan_core.gans import config
from gan_core.gans.variants import VARIANTS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def row(variant) -> str:
    return f"| `{variant.name}` | {variant.title} | {variant.year} | {variant.source} |"


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=lambda v: v.name)
def test_the_readme_has_a_row_for_every_variant(variant):
    assert row(variant) in README.splitlines()


def test_the_readme_has_no_other_variants():
    assert len(re.findall(r"^\| `[a-z0-9-]+` \| .* \| \d{4} \|", README, re.M)) == len(VARIANTS)


def tree() -> list[str]:
    """Paths of the file tree in the README, from its indentation."""
    block = README.split("## Where things are")[1]
    paths, stack = [], []
    for line in block.splitlines():
        match = re.fullmatch(r"    ((?:  )*)(\S+)(?:\s+.*)?", line)
        if match:
            depth = len(match[1]) // 2
            stack = [*stack[:depth], match[2]]
            paths.append("".join(stack))
    return paths


def test_every_path_of_the_readmes_tree_exists():
    assert len(tree()) > 30
    for path in tree():
        assert list(ROOT.glob(path)), path


def test_every_module_and_page_is_in_the_readmes_tree():
    listed = set(tree())
    for path in [*(ROOT / "gan_core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        relative = path.relative_to(ROOT).as_posix()
        assert relative in listed or path.name == "__init__.py" or path.parent.name == "parts", relative


def test_the_readmes_settings_and_links_exist():
    for variable in settings.VARIABLES:
        assert f"`{variable}`" in README
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
    for path in re.findall(r"`(docs/[\w./-]+)`", README):
        assert (ROOT / path).exists(), path


def test_the_readmes_commands_exist():
    out = subprocess.run([sys.executable, "-m", "gan_core", "--help"], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    for command in re.findall(r"^\| `(\w+)", README.split("| command |")[1].split("## ")[0], re.M):
        assert command in out
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M)
    for target in re.findall(r"^    make (\w+)", README, re.M):
        assert target in targets


def test_the_readmes_python_example_runs():
    script = README.split("- **In Python**:")[1].split("- **On the command line**")[0]
    code = "\n".join(line[6:] for line in script.splitlines())
    code += "\nprint(tuple(run.sample(2).shape))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "(2, 1, 28, 28)"


def test_the_run_folder_page_names_every_field():
    page = (ROOT / "docs" / "run-folder.md").read_text()
    for field in (*runs.Status.model_fields, *config.RunConfig.model_fields):
        assert f"`{field}`" in page, field


def test_the_makefile_ships_what_is_shipped():
    named = set(re.search(r"SHIPPED := (.*?)\n(?!\t)", (ROOT / "Makefile").read_text(), re.S)[1].replace("\\", "").split())
    assert {run.id for run in runs.shipped()} == {name.replace("/", "-") for name in named}


def test_the_readme_holds_the_table_that_its_command_prints():
    rows = cli.evaluation_table().splitlines()
    assert len(rows) > 2
    for line in rows:
        assert line in README.splitlines(), line


def test_every_evaluation_names_the_judge_that_ships():
    known = json.loads((ROOT / "gan_core" / "metrics" / "judge.json").read_text())["sha256"]
    for run in runs.shipped():
        if run.evaluation and run.config.about.kind == "images":
            assert run.evaluation["judge"] == known, run.id
        if run.evaluation:
            assert run.card_path.is_file(), run.id
            assert run.evaluation["step"] == run.status.step, run.id
