"""The glossary: every term has a short explanation, every mark in a text or a piece of HTML is a term."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pages.shared import terms

ROOT = Path(__file__).parents[2]
MARK = re.compile(r"\[\[([a-zA-Z][^\]|\n]*?)(?:\|([^\]\n]+))?\]\]")


@pytest.mark.parametrize("name", terms.TERMS)
def test_an_explanation_is_short_and_whole(name: str) -> None:
    text = terms.TERMS[name]
    assert len(f"{name}: {text}") <= terms.LONGEST + len(name)
    assert text[-1] == "."
    assert not text.lower().startswith(name), "it explains the term, it does not repeat it"


def texts(path: Path) -> list[str]:
    """The strings of a module, or all of another file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [source]
    return [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def marks() -> list[tuple[str, str]]:
    """Every mark in the pages: where, and which term."""
    files = [path for kind in ("*.py", "*.html") for path in (ROOT / "pages").rglob(kind) if path.name != "terms.py"]
    return [(str(path.relative_to(ROOT)), name or word) for path in files for text in texts(path) for word, name in MARK.findall(text)]


def test_every_mark_is_a_term() -> None:
    found = marks()
    assert {name for _, name in found} >= {"discriminator", "generator", "judge", "latent vector", "prior", "seed"}
    assert not [(path, name) for path, name in found if name not in terms.TERMS]


def test_a_marked_text_is_markdown_with_buttons() -> None:
    text = terms.marked("**Each** has its own [[z|latent vector]], drawn with [[seed]] 3.")
    assert text.startswith("**Each** has its own <button")
    assert re.findall(r'<button type="button" popovertarget="([\w-]+)"[^>]*>([^<]+)</button>', text) == [
        (place, word) for place, word in zip(re.findall(r'<span id="([\w-]+)"', text), ("z", "seed"), strict=True)
    ]
    assert "<b>latent vector</b>" in text
    assert text.endswith(" 3.")
    assert terms.marked("No term [in] it.") == "No term [in] it."
    assert terms.marked("The [[judge]].") == terms.marked("The [[judge]]."), "what is open stays open when the page is drawn anew"


def test_a_term_that_is_not_explained_is_refused() -> None:
    with pytest.raises(KeyError, match="beauty"):
        terms.marked("The [[beauty]] of it.")
