"""Components of our own: a JavaScript entry, HTML and CSS made into one, and the door that every number for the browser goes through."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import javascript

Mount = Callable[..., Any]


def declare(
    name: str, entry: Path, *, html: str = "<span></span>", css: Path | tuple[Path, ...] = (), isolate_styles: bool = True
) -> Mount:
    """A component, to be called with key, data and the other arguments of Streamlit's components; what `data` holds becomes finite.

    `entry` is the JavaScript module whose default export draws it; what that imports comes along.
    """
    sheets = (css,) if isinstance(css, Path) else css
    mount = st.components.v2.component(
        name,
        html=html,
        css="\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets) or None,
        js=javascript.joined(entry),
        isolate_styles=isolate_styles,
    )

    def draw(*, data: Any = None, **arguments: Any) -> Any:
        return mount(data=finite(data), **arguments)

    return draw


def finite(value: Any) -> Any:
    """The same with None for every number that is not finite: JSON has no NaN, and a browser that meets one shows nothing at all."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    return value
