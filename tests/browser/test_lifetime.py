"""What components leave behind in the browser when they are redrawn, and when they are taken off the page: nothing that grows.

A room that follows a training for an hour redraws its charts thousands of times.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gan_core import runs
from gan_core.jobs import recorder
from tests.browser.driver import PATIENCE, ROOT, Server, Watched, server
from tests.configs import small

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

pytestmark = pytest.mark.browser

_APP = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import streamlit as st
from gan_core import runs
from pages import startup
from pages.shared import charts, drawing_pad
from pages.training_lab.run import stage

startup.prepare()
run = runs.own()[0]
turns = "turns" in st.query_params  # another key each time: everything is taken off the page and put there anew


@st.fragment(run_every=0.05)
def tick():
    n = st.session_state["n"] = st.session_state.get("n", 0) + 1
    name = str(n % 2 if turns else 0)
    with st.container(key=f"box{{name}}"):
        charts.draw([charts.trace("a", "D", [0, 1, n], [1, 2, n])], key=f"chart{{name}}", alt="", follow=run.id)
        if turns:
            drawing_pad.draw(f"pad{{name}}")
            if n % 2:
                stage.draw(run, run.status)
        else:
            stage.draw(run, run.status)
    st.html(f'<i id="count" data-n="{{n}}"></i>')


tick()
"""
_COUNT = """
    window.alive = { observers: 0, listeners: 0 }
    const add = window.addEventListener.bind(window), remove = window.removeEventListener.bind(window)
    const ours = /^gan-atelier|^resize$/
    const known = new Map()
    window.addEventListener = (type, f, options) => {
      if (ours.test(type) && !known.has(f)) {
        known.set(f, type)
        window.alive.listeners += 1
        options?.signal?.addEventListener("abort", () => known.delete(f) && (window.alive.listeners -= 1))
      }
      add(type, f, options)
    }
    window.removeEventListener = (type, f, options) => {
      if (known.delete(f)) window.alive.listeners -= 1
      remove(type, f, options)
    }
    const Observer = window.ResizeObserver
    window.ResizeObserver = class extends Observer {
      constructor(f) { super(f); this.is = new Set() }
      observe(e, o) { this.is.add(e); window.alive.observers += this.is.size === 1; super.observe(e, o) }
      unobserve(e) { if (this.is.delete(e) && !this.is.size) window.alive.observers -= 1; super.unobserve(e) }
      disconnect() { if (this.is.size) window.alive.observers -= 1; this.is.clear(); super.disconnect() }
    }
"""
REDRAWS = 100


@pytest.fixture
def redrawing(tmp_path: Path) -> Iterator[Server]:
    """A page of one chart, one stage and one pad that is redrawn without end."""
    list(recorder.work(runs.new(small("gan", steps=4), parent=tmp_path / "runs")))
    app = tmp_path / "app.py"
    app.write_text(_APP)
    (tmp_path / "static").symlink_to(ROOT / "static")
    options = ("--server.address", "127.0.0.1", "--server.headless", "true", "--server.enableStaticServing", "true")
    with server(
        tmp_path, command=lambda port: [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port), *options]
    ) as running:
        yield running


@pytest.mark.parametrize("way", ["redrawn", "turns"])
def test_nothing_grows_over_a_hundred_redraws(seen: Watched, redrawing: Server, way: str) -> None:
    page = seen.page
    page.add_init_script(_COUNT)
    browser = page.context.new_cdp_session(page)
    page.goto(f"{redrawing.address}/?{way}=1")
    page.wait_for_function("document.querySelector('.stage .chart')?.dataset.points", timeout=PATIENCE)
    _until(page, 20)
    before, first = _alive(page, browser), _redraws(page)
    _until(page, first + REDRAWS)
    after = _alive(page, browser)
    # what happens to be on the page at such a moment differs; without cleaning up it was 106, 74, 21,000 and 4,500 more
    for what, slack in (("observers", 4), ("listeners", 4), ("nodes", 2_000), ("all listeners", 500)):
        assert after[what] <= before[what] + slack, (what, before, after)


def _redraws(page: Page) -> int:
    return int(page.locator("#count").get_attribute("data-n") or 0)


def _until(page: Page, redraws: int) -> None:
    page.wait_for_function(f"Number(document.querySelector('#count')?.dataset.n) >= {redraws}", timeout=PATIENCE)


def _alive(page: Page, browser: CDPSession) -> dict[str, int]:
    """What is there after the garbage was collected."""
    browser.send("HeapProfiler.collectGarbage")
    counters = browser.send("Memory.getDOMCounters")
    return {"nodes": counters["nodes"], "all listeners": counters["jsEventListeners"], **page.evaluate("window.alive")}
