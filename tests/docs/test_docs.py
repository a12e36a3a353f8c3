"""The documents against the code: a promise that the code does not keep fails here."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from docs import tables
from gan_core import runs, settings
from gan_core.gans import config
from gan_core.gans.variants import VARIANTS
from gan_core.runs.status import Status
from gan_core.trained import inversion
from gan_core.trained.model import load
from tests import test_boundaries as boundaries

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
TREE = README.split("## The wings")[1].split("## ")[0]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md")), *sorted((DOCS / "decisions").glob("*.md"))]
each_page = pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 180
    assert [line for line in README.splitlines() if len(line) > 120] == []


@each_page
def test_lines_of_prose_can_be_read(document):
    code = False
    for line in document.read_text(encoding="utf-8").splitlines():
        code ^= line.startswith("```")
        if document.name not in ("README.md", "modules.md", "log.md") and not code and not line.startswith(("|", "    ", "#", "!", "<")):
            assert len(line) <= 110, line


@pytest.mark.parametrize("document", tables.PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_table_is_what_its_command_prints(document):
    text = document.read_text(encoding="utf-8")
    assert text == tables.renewed(text), "run `make docs`"


def test_every_table_stands_somewhere():
    marked = {name for page in tables.PAGES for _, name, _ in tables.MARKED.findall(page.read_text(encoding="utf-8"))}
    assert marked == set(tables.TABLES)


def test_the_readme_has_a_row_for_every_variant_and_no_other():
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| .* \| \d{4} \|", README, re.M)
    assert rows == list(VARIANTS)


def test_every_wing_and_page_is_in_the_readmes_tree_in_its_order():
    named = re.findall(r"^      (\w+)/  ", TREE, re.M)
    assert named[-len(boundaries.WINGS) :] == list(boundaries.WINGS)
    for folder in (ROOT / "pages").iterdir():
        if (folder / "page.py").is_file():
            assert f"{folder.name}/" in TREE, folder
    for path in re.findall(r"^    (\S+)", TREE, re.M):
        assert (ROOT / path).exists(), path


@each_page
def test_what_a_page_names_exists(document):
    """Links, files and folders of the code, benchmarks, commands of make."""
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r'src="([^"]+)"', text):
        assert target.startswith("http") or (document.parent / target).exists(), target
    if document.name == "log.md":  # what stood there on its day
        return
    for path in re.findall(r"`((?:docs|gan_core|pages|tests|benchmarks|checkpoints)/[\w./-]*)`", text):
        assert (ROOT / path).exists() or path == "gan_core/app", path
    for module in re.findall(r"python -m (benchmarks[\w.]*)", text):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file() or (ROOT / module.replace(".", "/") / "__main__.py").is_file(), module
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    for target in re.findall(r"^    make (\w+)|`make (\w+)`", text, re.M):
        assert "".join(target) in targets, target


def test_the_three_questions_are_answered_by_the_tree():
    answers = re.findall(r"^\| .*\? \| (.*) \|$", (DOCS / "architecture.md").read_text(encoding="utf-8"), re.M)
    assert len(answers) == 3
    for answer in answers:
        for path in re.findall(r"`([^`]+)`", answer):
            assert (ROOT / path).exists(), path
    assert "class Wasserstein(" in (ROOT / "gan_core" / "gans" / "objectives" / "wasserstein.py").read_text(encoding="utf-8")
    assert "def submit(" in (ROOT / "gan_core" / "jobs" / "queue.py").read_text(encoding="utf-8")
    assert "DATA_SETS = " in (ROOT / "gan_core" / "data" / "registry.py").read_text(encoding="utf-8")


def test_the_settings_page_names_every_variable():
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    for variable in settings.VARIABLES:
        assert f"`{variable}`" in page


def test_the_commands_that_the_readme_shows_exist():
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    python -m gan_core (\w+)", README, re.M)
    assert len(commands) > 5
    for command in commands:
        assert re.search(rf"^\| `{command}\b", page, re.M), command
    assert set(re.findall(r"^- `(\w+)", page, re.M)) <= set(re.findall(r"^\| `(\w+)", page, re.M))


def test_the_readmes_python_example_runs(runs_folder):
    code = README.split("```python\n")[1].split("```")[0]
    code += "\nprint(tuple(images.shape), event.complete)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip().endswith("(16, 1, 28, 28) True")


def test_the_readmes_pictures_are_there_and_the_moving_one_is_small():
    assert len(re.findall(r'<img src="docs/screenshots/\w+\.png"', README)) == 6
    film = DOCS / "screenshots" / "film.webp"
    assert film.stat().st_size <= 2_000_000
    assert Image.open(film).n_frames > 40


def test_the_run_folder_page_names_every_field():
    page = (DOCS / "run-folder.md").read_text(encoding="utf-8")
    for field in (*Status.model_fields, *config.RunConfig.model_fields):
        assert f"`{field}`" in page, field


def test_the_makefile_ships_what_is_shipped():
    plan = subprocess.run(["make", "--dry-run", "checkpoints"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = re.search(r"for run in (.*?); do .* build \$\{run%-\*\} --recipe \$\{run##\*-\}", plan)
    assert named
    assert named[1].split() == sorted(run.id for run in runs.shipped())
    assert {name.rpartition("-")[0] for name in named[1].split()} <= set(VARIANTS)


def test_the_page_on_latent_spaces_has_a_row_for_every_run_that_draws_images():
    page = (DOCS / "latent-spaces.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \|", page, re.M) == [run.id for run in runs.shipped() if run.config.about.kind == "images"]


def test_a_row_of_that_table_is_what_its_command_finds(mnist):
    """One of them: all take minutes."""
    found = inversion.medians(load("gan-published"), 100)
    page = (DOCS / "latent-spaces.md").read_text(encoding="utf-8")
    assert f"| `gan-published` | {found['rmse']:.3f} | {found['nearest']:.3f} |" in page


def test_cards_of_shipped_runs_say_what_the_code_says():
    written = list(tables.cards())
    assert written
    stale = [file for file, text in written if file.read_text(encoding="utf-8") != text]
    assert not stale, "run `make docs`"


def test_every_evaluation_names_the_judge_that_ships():
    known = json.loads((ROOT / "gan_core" / "metrics" / "judge.json").read_text())["sha256"]
    for run in runs.shipped():
        if run.evaluation and run.config.about.kind == "images":
            assert run.evaluation["judge"] == known, run.id
        if run.evaluation:
            assert run.card_path.is_file(), run.id
            assert run.evaluation["step"] == run.status.step, run.id
