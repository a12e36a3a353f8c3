"""The pages of the app: their files, their addresses, and links to them. Nobody else writes a path or an address of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import streamlit as st

from gan_core.translation import N_


class Page(NamedTuple):
    """One entry of the menu."""

    folder: str
    "in pages/"
    address: str
    "what follows the server's in the browser; the gallery's is empty. pages/<address>.py is its door, see there"
    title: str
    "short, for the menu; whoever shows it translates it"
    icon: str

    @property
    def file(self) -> str:
        """As Streamlit wants it: from the folder of app.py."""
        return f"pages/{self.folder}/page.py"


GALLERY = Page("home", "", N_("Gallery"), ":material/gallery_thumbnail:")
LAB = Page("training_lab", "lab", N_("Train"), ":material/model_training:")
LATENT_SPACE = Page("latent_space", "latent", N_("Latent space"), ":material/tune:")
DIGITS = Page("digits_on_request", "digits", N_("Digits"), ":material/dialpad:")
DISCRIMINATOR = Page("discriminator", "judge", N_("Discriminator"), ":material/visibility:")
COMPARE = Page("compare", "runs", N_("Compare"), ":material/compare_arrows:")
PAGES = [GALLERY, LAB, LATENT_SPACE, DIGITS, DISCRIMINATOR, COMPARE]
"as the menu has them"


def draw(page: Page, label: str, *, icon: str | None = "", **query: str) -> None:
    """A link to a page, with its icon, another one or none; `query` is what its address asks there."""
    st.page_link(page.file, label=label, icon=page.icon if icon == "" else icon, query_params=query or None)


def root() -> str:
    """The address of the app itself, as the visitor's browser has it: the page's without its last part, if that names the page."""
    here = urlsplit(_here() or "")
    path, _, last = here.path.rstrip("/").rpartition("/")
    if last not in {page.address for page in PAGES}:
        path = f"{path}/{last}"
    return f"{here.scheme or 'http'}://{here.netloc or 'localhost:8501'}{path.rstrip('/')}"


def relative(page: Page, query: Mapping[str, str | int]) -> str:
    """The address of a page from that of the app, which scripts in the browser know as document.baseURI."""
    return f"{page.address}?{urlencode(query)}"


def whole(page: Page, query: Mapping[str, str | int], at: str | None = None) -> str:
    """The whole address of a page, to be sent to somebody, below the app's own (or below `at`)."""
    return f"{(root() if at is None else at).rstrip('/')}/{relative(page, query)}"


def _here() -> str | None:
    return st.context.url if isinstance(st.context.url, str) else None
