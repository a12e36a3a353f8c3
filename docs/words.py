"""Writes gan_core/translation/atelier.pot: every text for visitors, for those who translate.

    python docs/words.py            # or make words

A new language begins with `pybabel init -i gan_core/translation/atelier.pot -d gan_core/translation/locale -D atelier -l de`;
`pybabel update` and `pybabel compile`, with -i, -d and -D as there, bring it up to date and make the file that the app reads.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

ROOT = Path(__file__).parents[1]
POT = ROOT / "gan_core" / "translation" / "atelier.pot"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
HEAD = r"""msgid ""
msgstr ""
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
ATTRIBUTES = ("aria-label", "title", "placeholder")  # those that words.js translates
WORD = re.compile(r"[^\W\d_]{2,}")


class _Texts(HTMLParser):
    """The texts of a piece of HTML, those of its attributes too, as words.js finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ATTRIBUTES and value and WORD.search(value)]

    def handle_data(self, data: str) -> None:
        if WORD.search(data):
            self.found.append(data.strip())


def of_html(source: str) -> list[str]:
    """The texts of a piece of HTML."""
    reader = _Texts()
    reader.feed(source)
    reader.close()
    return reader.found


def messages(file: Path) -> Iterator[str | tuple[str, str]]:
    """The texts of a file: one, or a pair where a number decides the form."""
    if file.suffix == ".html":
        yield from of_html(file.read_text(encoding="utf-8"))
        return
    with file.open("rb") as source:
        for _line, message, _comments, _context in extract(
            "python" if file.suffix == ".py" else "javascript", source, KEYWORDS, options={"encoding": "utf-8"}
        ):
            yield message if isinstance(message, str) else (message[0], message[1])


def files() -> list[Path]:
    """Where there are texts for visitors."""
    found = [path for kind in ("*.py", "*.js", "*.html") for path in (ROOT / "pages").rglob(kind)]
    return sorted([ROOT / "app.py", *found, *(ROOT / "gan_core").rglob("*.py")])


def catalogue() -> str:
    """The whole .pot file. Holds no date and no line numbers, so that it changes only where a text does."""
    catalog = Catalog(project="GAN Atelier", charset="utf-8", fuzzy=False)
    for file in files():
        for message in messages(file):
            catalog.add(message, locations=[(str(file.relative_to(ROOT)), 0)])
    written = io.BytesIO()
    write_po(written, catalog, width=120, sort_output=True, include_lineno=False, omit_header=True)
    return HEAD + written.getvalue().decode()


if __name__ == "__main__":
    text = catalogue()
    POT.write_text(text, encoding="utf-8")
    print(f"{POT.relative_to(ROOT)}: {text.count('msgid ') - 1} texts")
