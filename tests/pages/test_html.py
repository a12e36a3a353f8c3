"""HTML of our own making: what goes into it is text, whatever it looks like."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from pages.digits_on_request import confusion
from pages.discriminator import score_cards
from pages.shared import html, images, terms
from pages.shared.html import Markup, element
from tests.pages.app import ROOT

EVIL = """"><script>alert('1')</script>&"""


def test_text_and_attributes_are_escaped_and_markup_is_not() -> None:
    made = element("p", EVIL, element("b", "bold"), title=EVIL, aria_hidden="true", style=None)
    read = ET.fromstring(made)
    assert read.text == read.get("title") == EVIL
    assert [child.tag for child in read] == ["b"]
    assert read.get("aria-hidden") == "true"
    assert "style" not in read.attrib
    assert isinstance(made, Markup)
    assert not isinstance(made + "", Markup), "what is put together by hand is text again"


def test_a_picture_and_its_words() -> None:
    made = html.img(b"\x89PNG", EVIL, "width:1px")
    assert made.count("<") == 1
    assert made.endswith(">")
    read = ET.fromstring(made[:-1] + "/>")
    assert read.get("alt") == EVIL
    assert base64.b64decode((read.get("src") or "").removeprefix("data:image/png;base64,")) == b"\x89PNG"
    drawing = html.svg(2, 1, element("path", d="M0 0", stroke_width=3))
    assert html.img(drawing, "", "").startswith('<img src="data:image/svg+xml;base64,')
    assert ET.fromstring(drawing).get("viewBox") == "0 0 2 1"


def test_a_table_says_what_its_rows_and_columns_are() -> None:
    read = ET.fromstring(html.table(EVIL, ["a", "<b>"], [(EVIL, [("1", "color:red"), ("", "")])], "width:1%", "padding:0"))
    assert [head.text for head in read.iterfind("thead/tr/th")] == ["a", "<b>"]
    assert (row := read.find("tbody/tr/th")) is not None
    assert (row.get("scope"), row.text) == ("row", EVIL)
    assert [cell.get("style") for cell in read.iterfind("tbody/tr/td")] == ["padding:0;color:red", "padding:0"]


def test_what_the_pages_draw_is_well_formed() -> None:
    ET.fromstring(images.svg([[0.0, 1.0]], [[1.0, 0.0]]))
    ET.fromstring(confusion.table([[3, 1], [0, 4]]))
    known = score_cards.Reference(np.linspace(0, 1, 50), np.linspace(-1, 0, 50))
    ET.fromstring(score_cards._picture(0.2, known))


@pytest.mark.parametrize(("shape", "side", "words"), [((28, 28), 56, "height:56px"), ((28, 56), 20, "width:min(100%,20px)")])
def test_an_array_is_shown_within_its_square(monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int], side: int, words: str) -> None:
    shown: list[str] = []
    monkeypatch.setattr(html, "show", shown.append)
    images.array(np.zeros(shape, np.uint8), EVIL, side)
    assert words in shown[0]
    assert ("pixelated" in shown[0]) == (side >= max(shape))
    assert "<script" not in shown[0]


def test_what_stands_between_terms_is_escaped() -> None:
    assert "<b>5" not in terms.marked("<b>5 < 6</b> & a [[judge]]")
    assert "&lt;b&gt;5 &lt; 6" in terms.marked("<b>5 < 6</b> & a [[judge]]")
    assert "<button" in terms.marked("a [[judge]]")


def test_pages_write_no_html_by_hand() -> None:
    """Escaping holds by construction only as long as nobody goes around it. HTML of components is constant; its data is set by scripts."""
    for path in sorted((ROOT / "pages").rglob("*.py")):
        if path != Path(html.__file__):
            source = path.read_text("utf-8")
            assert "st.html(" not in source, path
            assert "unsafe_allow_html" not in source or path == Path(terms.__file__), path
            assert not re.search(r"""f["']<""", source), path
