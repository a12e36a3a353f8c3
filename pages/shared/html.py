"""HTML and SVG that we write ourselves. Whatever goes into it is escaped here, so that no page has to think of it."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit as st

VOID = ("img",)  # elements that have no end


class Markup(str):
    """Text that is HTML already; any other str is text, and is escaped."""

    __slots__ = ()


def element(name: str, *inside: str, **attributes: object) -> Markup:
    """<name attributes>inside</name>. `stroke_width` becomes stroke-width; an attribute that is None is left out."""
    given = "".join(f' {key.replace("_", "-")}="{html.escape(str(value))}"' for key, value in attributes.items() if value is not None)
    if name in VOID:
        return Markup(f"<{name}{given}>")
    content = "".join(part if isinstance(part, Markup) else html.escape(part) for part in inside)
    return Markup(f"<{name}{given}>{content}</{name}>")


def img(content: bytes | Markup, alt: str, style: str) -> Markup:
    """A picture: a PNG, or an SVG made here. As a data URI: there is no second request that could find it gone while a page is redrawn."""
    return element("img", src=source(content), alt=alt, style=style)


def source(content: bytes | Markup) -> str:
    """A PNG, or an SVG made here, as the data URI that an image element takes as its source."""
    kind, raw = ("image/svg+xml", content.encode()) if isinstance(content, str) else ("image/png", content)
    return f"data:{kind};base64,{base64.b64encode(raw).decode()}"


def svg(width: float, height: float, *inside: Markup, **attributes: object) -> Markup:
    """A drawing of that size, to be shown as a picture."""
    return element("svg", *inside, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}", **attributes)


def table(caption: str, heads: Sequence[str], rows: Iterable[tuple[str, Sequence[tuple[str, str]]]], style: str, cell: str) -> Markup:
    """A table with a head for each column and each row; `rows` are (head, [(text, style) ...]), `cell` is the style of every cell."""
    top = element("tr", element("td", style=cell), *(element("th", head, scope="col", style=cell) for head in heads))
    body = [
        element(
            "tr",
            element("th", head, scope="row", style=cell),
            *(element("td", text, style=f"{cell};{own}" if own else cell) for text, own in cells),
        )
        for head, cells in rows
    ]
    title = element("caption", caption, style="caption-side:top;text-align:left;opacity:.75;padding-bottom:.4rem")
    return element("table", title, element("thead", top), element("tbody", *body), style=style)


def show(markup: Markup) -> None:
    """Puts it onto the page."""
    st.html(markup)


def style(sheet: Path) -> None:
    """Puts a style sheet of ours onto the page, for what the theme has no setting for. It takes no room."""
    st.html(sheet)
