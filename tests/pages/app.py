"""The app, opened on a page and read without a browser."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from streamlit.testing.v1 import AppTest

from gan_core import runs
from gan_core.runs import Run
from pages.shared import links

ROOT = Path(__file__).parents[2]
PAGES = {page.address or "home": page.file for page in links.PAGES} | {"compare": links.COMPARE.file}


def own(trained: dict[str, Path], name: str) -> Run:
    """The trained run of that variant, among the runs trained here."""
    return Run(shutil.copytree(trained[name], runs.own_folder() / trained[name].name))


def opened(page: str, **query: str) -> AppTest:
    """The app, standing on a page."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(PAGES[page]).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All the words on the page, terms marked as pages/shared/terms.py has them marked."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error)
    return _TERM.sub(_mark, "\n".join(element.value for kind in kinds for element in kind))


_TERM = re.compile(r"<button [^>]*popovertarget[^>]*>([^<]*)</button><span [^>]*popover[^>]*><b>([^<]*)</b>[^<]*</span>")


def _mark(found: re.Match[str]) -> str:
    word, name = found.groups()
    return f"[[{word}]]" if word == name else f"[[{word}|{name}]]"


def pictures(app: AppTest) -> list[str]:
    """The HTML of the pictures on the page."""
    return [element.proto.body for element in app.get("html") if not element.proto.body.startswith("<style")]


def page_links(app: AppTest) -> list[tuple[str, str]]:
    """Label and query of the links to pages."""
    return [(element.proto.label, element.proto.query_string) for element in app.get("page_link")]


def charts(app: AppTest) -> list[str]:
    """What the charts tell somebody who cannot see them, in JSON among their data."""
    return [element.proto.json for element in app.get("bidi_component")]


def button(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    """The button of that name."""
    return next(b for b in app.button if b.label == label)


def labels(app: AppTest) -> list[str]:
    """The names of all buttons."""
    return [b.label for b in app.button]
