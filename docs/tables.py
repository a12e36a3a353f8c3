"""Writes the tables of README.md and of the pages in this folder, and the cards of shipped runs, anew from what the code, or a run, says.

    python docs/tables.py            # or make docs

A table stands between the lines `<!-- NAME: python docs/tables.py -->` and `<!-- end -->`. The tests fail where one is stale.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import typer.main
from typer.testing import CliRunner

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from gan_core import cli, runs, settings  # noqa: E402
from gan_core.data import DATA_SETS  # noqa: E402
from gan_core.evaluation import card  # noqa: E402
from gan_core.gans.variants import VARIANTS  # noqa: E402
from gan_core.gans.variants.entry import Variant  # noqa: E402
from gan_core.runs import folders  # noqa: E402

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
MARKED = re.compile(r"(<!-- ([a-z-]+): python docs/tables\.py -->\n).*?(<!-- end -->)", re.S)

WIDTH = 110  # columns of prose


def markdown(heading: tuple[str, ...], rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [heading, ("---",) * len(heading), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def variants() -> str:
    """Name, year and sources in brief; docs/variants.md has the rest."""

    def brief(source: str) -> str:
        return ", ".join(dict.fromkeys(re.findall(r"text \d{3}|arXiv:\d{4}\.\d{4,5}", source)))

    return markdown(
        ("variant", "name", "year", "sources"), [(f"`{v.name}`", v.title, str(v.year), brief(v.source)) for v in VARIANTS.values()]
    )


def variants_in_full() -> str:
    """Every variant: its idea, its source, where `published` differs from it, and what `stable` changes."""
    return "\n".join(_in_full(variant) for variant in VARIANTS.values())


def _in_full(variant: Variant) -> str:
    classes = f" Asked for one of {variant.classes} classes." if variant.classes else ""
    parts = [
        f"## {variant.title}\n\n`{variant.name}`, {variant.year}. {variant.idea}{classes}\n",
        f"Source: {variant.source}.\n\nLatents: {variant.prior}. Shown with `{variant.data}`.\n",
        *_list("Where `published` differs from its source", variant.differs),
        *_list("What `stable` changes in it, and why", variant.stable),
    ]
    return "\n".join("\n".join(_wrapped(line) for line in part.split("\n")) for part in parts)


def _wrapped(line: str) -> str:
    return textwrap.fill(
        line, WIDTH, subsequent_indent="  " if line.startswith("- ") else "", break_long_words=False, break_on_hyphens=False
    )


def _list(title: str, lines: tuple[str, ...]) -> list[str]:
    return [f"{title}:\n\n" + "".join(f"- {line}\n" for line in lines)] if lines else []


def data_sets() -> str:
    """What there is to learn from."""
    return markdown(("data set", "name", "what it is"), [(f"`{d.name}`", d.title, d.about) for d in DATA_SETS.values()])


def settings_() -> str:
    """Every environment variable, what it means and what holds without it; from gan_core/settings.py."""
    tree = ast.parse((ROOT / "gan_core" / "settings.py").read_text(encoding="utf-8"))
    (body,) = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings"]
    meaning = {
        field.target.id: text.value.value
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }
    fields = settings.Settings.model_fields
    return markdown(
        ("variable", "meaning", "without it"),
        [(f"`{settings.variable(name)}`", meaning[name], _default(field.default)) for name, field in fields.items()],
    )


def _default(value: object) -> str:
    if isinstance(value, Path):
        return f"`{value.name}/` in a checkout, `~/gan-atelier/{value.name}` where the package is installed"
    return "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)


def commands() -> str:
    """Every command of the command line with what it is given."""
    group = typer.main.get_command(cli.app)
    rows = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        if not command.hidden:
            words = [p.name.upper() if p.required else f"[{p.name.upper()}]" for p in command.params if p.param_type_name == "argument"]
            options = ", ".join(f"`{p.opts[0]}`" for p in command.params if p.param_type_name == "option")
            rows.append((f"`{' '.join([name, *words])}`", (command.help or "").strip().splitlines()[0], options))
    return markdown(("command", "what it does", "options"), rows)


def results() -> str:
    """What the shipped runs are worth: what `python -m gan_core table` prints."""
    return CliRunner().invoke(cli.app, ["table"], catch_exceptions=False).stdout


def few_labels() -> str:
    """How SSGAN names digits when few have labels: from checkpoints/few-labels.json, which `python -m benchmarks.labels` writes."""
    published = {20: "16.77%", 50: "2.21%", 100: "0.93%"}  # Salimans et al. 2016, arXiv:1606.03498, table 1
    rows = []
    for found in json.loads((folders.SHIPPED / "few-labels.json").read_text(encoding="utf-8")):
        number = found["labels"] and f"{found['labels']:,}"
        rows.append((number or "all 60,000", f"{found['error']:.2%}", f"{found['alone']:.2%}", published.get(found["labels"], "")))
    return markdown(("labelled images", "SSGAN", "the labelled ones alone", "published"), rows)


def directions() -> str:
    """The directions of cgan-stable: what `python -m gan_core directions cgan-stable --show` prints."""
    printed = CliRunner().invoke(cli.app, ["directions", "cgan-stable", "--show"], catch_exceptions=False).stdout
    return "".join(f"{line.rstrip()}\n" for line in printed.splitlines() if line.startswith("|"))


def modules() -> str:
    """Every module of the model package and of the pages, with the first line of its docstring."""
    lines: list[str] = []
    for top in ("gan_core", "pages"):
        for path in sorted((ROOT / top).rglob("*.py"), key=lambda path: (path.parent.parts, path.name != "__init__.py", path.name)):
            name, folder = path.relative_to(ROOT), path.parent.relative_to(ROOT)
            if f"\n## `{folder}/`\n" not in lines:
                lines.append(f"\n## `{folder}/`\n")
            first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
            lines.append(f"- `{name.name}`: {first}")
    return "\n".join(lines).lstrip() + "\n"


def arrows() -> str:
    """Which wings each wing imports, late imports included."""
    from tests import test_boundaries as boundaries

    found: dict[str, set[str]] = {name: set() for name in boundaries.WINGS}
    for path in boundaries.CORE:
        here = boundaries.wing(boundaries.name_of(path))
        for module in boundaries.imported(path):
            if here in found and module.startswith("gan_core.") and (there := boundaries.wing(module)) in found and there != here:
                found[here].add(there)
    return markdown(("wing", "imports"), [(f"`{n}`", ", ".join(w for w in boundaries.WINGS if w in found[n])) for n in found])


TABLES: dict[str, Callable[[], str]] = {
    "variants": variants,
    "variants-in-full": variants_in_full,
    "data-sets": data_sets,
    "settings": settings_,
    "commands": commands,
    "results": results,
    "few-labels": few_labels,
    "directions": directions,
    "modules": modules,
    "arrows": arrows,
}


def renewed(text: str) -> str:
    """The page with its tables as they are now."""
    return MARKED.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}{found[3]}", text)


def cards() -> Iterator[tuple[Path, str]]:
    """The file of each evaluated shipped run's card, and what the card is now."""
    for run in runs.shipped():
        if result := run.evaluation:
            yield run.card_path, card.card(run, result)


def main() -> None:
    """Writes what has changed."""
    for file, after in ((page, renewed(page.read_text(encoding="utf-8"))) for page in PAGES):
        _write(file, after)
    for file, after in cards():
        _write(file, after)


def _write(file: Path, after: str) -> None:
    if not file.is_file() or file.read_text(encoding="utf-8") != after:
        file.write_text(after, encoding="utf-8")
        print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
