"""Every file of text is opened as UTF-8, whatever the machine would take."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [*sorted((ROOT / "gan_core").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py")), ROOT / "app.py"]


def unnamed(source: str) -> Iterator[str]:
    """Calls that open a file as text and leave the encoding to the machine."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or any(keyword.arg in (None, "encoding") for keyword in node.keywords):
            continue
        call = ast.unparse(node.func)
        name = call.rpartition(".")[2]
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        modes = [each.value for each in values if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        opens_text = name == "open" and any(mode and set(mode) <= set("rwax+t") for mode in modes)
        if (name in ("read_text", "write_text", "NamedTemporaryFile") or opens_text) and call != "bundle.open":  # a zip holds bytes
            yield ast.unparse(node)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_text_says_its_encoding(path):
    assert not list(unnamed(path.read_text(encoding="utf-8")))
