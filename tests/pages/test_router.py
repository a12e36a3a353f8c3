"""app.py and what it leads to: the menu, addresses, and what is done before and after every page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st

from gan_core import configure, runs, settings
from gan_core.runs.label import RunLabel
from pages import startup
from pages.shared import links, visitors
from tests.pages.app import ROOT, opened


def test_a_page_that_ends_early_is_settled_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The latent page without runs ends by st.stop."""
    done: list[str] = []
    monkeypatch.setattr(startup, "settle", lambda: done.append("settled"))
    monkeypatch.setattr(startup, "warm_later", lambda: done.append("warming"))
    app = opened("latent")
    assert "There is no trained GAN yet" in app.info[0].value
    assert done[-2:] == ["settled", "warming"]
    assert len(done) == 4, "the gallery, and the page that ends early"


def test_the_app_works_from_another_folder(tmp_path: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=60).run()
assert not app.exception, app.exception
assert app.title[0].value == "GAN Atelier"
print(*(warning.value for warning in app.warning))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "did not read `.streamlit/config.toml`" in done.stdout, "nobody told this one where the app lies"


@pytest.mark.parametrize(("option", "value"), [("runner.fastReruns", True), ("global.maxCachedMessageAge", 2)])
def test_settings_that_were_not_read_are_named(option: str, value: object) -> None:
    assert startup.unread_settings() == ""
    before = st.get_option(option)
    try:
        st.config.set_option(option, value)
        assert option in startup.unread_settings()
        assert "did not read" in opened("home").warning[0].value
    finally:
        st.config.set_option(option, before)


def test_streamlit_reads_the_settings_beside_the_app_wherever_it_is_started(tmp_path: Path) -> None:
    """Not only in the folder of the app: a change of Streamlit's own would bring back lost clicks."""
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text("[runner]\nfastReruns = true\n")
    code = (
        "from streamlit import config\n"
        f"config._main_script_path = {str(ROOT / 'app.py')!r}\n"
        "config.get_config_options(force_reparse=True)\n"
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pages import startup\n"
        "assert startup.unread_settings() == '', startup.unread_settings()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("here", "root"),
    [
        ("http://localhost:8501/", "http://localhost:8501"),
        ("https://gan.example/lab?run=x", "https://gan.example"),
        ("https://example/atelier/judge", "https://example/atelier"),
        ("https://example/atelier", "https://example/atelier"),
        (None, "http://localhost:8501"),
    ],
)
def test_links_to_send_begin_where_the_visitor_is(monkeypatch: pytest.MonkeyPatch, here: str | None, root: str) -> None:
    monkeypatch.setattr(links, "_here", lambda: here)
    assert links.root() == root
    assert links.whole(links.LAB, {"run": "gan stable"}) == f"{root}/lab?run=gan+stable"
    assert links.whole(links.LAB, {"run": "x"}, at="http://10.0.0.5/") == "http://10.0.0.5/lab?run=x"


def test_no_page_writes_an_address_by_hand() -> None:
    for path in [*(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]:
        if path != Path(links.__file__):
            source = path.read_text("utf-8")
            assert not re.search(r"""["']pages/|st\.page_link|url_path="|\burlencode\b""", source), path


def test_no_script_writes_an_address_by_hand() -> None:
    for path in (ROOT / "pages").rglob("*.js"):
        for page in links.PAGES:
            if page.address:
                assert not re.search(rf"""["'`/]{page.address}\?""", path.read_text("utf-8")), path


def test_every_page_is_there() -> None:
    folders = {path.parent.name for path in (ROOT / "pages").glob("*/page.py")}
    assert folders == {page.folder for page in links.PAGES}


def test_every_page_has_a_door_for_cold_deep_links() -> None:
    """Until app.py has run once, Streamlit looks for /latent in pages/latent.py; see there."""
    doors = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"startup"}
    assert doors == {page.address for page in links.PAGES if page.address} == {"lab", "latent", "digits", "judge", "runs"}


@pytest.mark.parametrize("field", ["show_all", "max_runs", "ready", "max_per_visitor"])
def test_a_setting_that_does_not_fit_is_said_on_every_page_and_closes_none(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs.new(configure("sine-mlp", steps=5), about=RunLabel(owner="somebody"), state="queued", queued=1.0)
    monkeypatch.setenv(settings.variable(field), "perhaps")
    for page in ("home", "lab"):
        app = opened(page, **({"run": run.id} if page == "lab" else {}))
        assert any(f"{settings.variable(field)} = 'perhaps' does not fit" in error.value for error in app.error), page
    assert not visitors.shows_all(), "and nobody sees more than usual"
