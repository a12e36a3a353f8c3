"""What happens seldom in a server's life: plotly.js made available, the queue taken up, imports kept from the collector, torch in time.

Streamlit collects garbage after every rerun. With torch, plotly and streamlit imported, one collection walks over some hundred
thousand objects that will never be garbage, 80 to 300 ms with the interpreter locked. Frozen, they are not walked over.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import os
import shutil
import sys
import threading
from pathlib import Path

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.jobs import malloc
from gan_core.translation import _

STATIC = Path(__file__).parents[1] / "static"
LEAST_AGE = 30  # reruns; see .streamlit/config.toml
PAUSE = 2.0  # seconds between the first page and the import of torch: the first page must be painted before the interpreter is busy

warmed = threading.Event()
"set once torch is imported and frozen"
_once = threading.Lock()
_prepared = False
_modules = 0  # imported when the collector was last told to leave alone what there is
_warming = False


def prepare() -> None:
    """Before the first page: plotly.js in static/, waiting runs started where there is room, imports out of the collector's way."""
    global _prepared
    with _once:
        if _prepared:
            return
        _prepared = True
        malloc.share_freed_memory()
        _provide_plotly()
        with contextlib.suppress(AtelierError):  # the lab says what is wrong when somebody trains
            jobs.dispatch()  # runs that waited when the last server ended
        gc.collect()
        gc.freeze()


def unread_settings() -> str:
    """What is wrong where the server did not read .streamlit/config.toml, as a sentence; empty where it did.

    Streamlit reads it from beside app.py, whatever folder it is started in; a server that somebody else starts may not.
    """
    if not st.get_option("runner.fastReruns") and st.get_option("global.maxCachedMessageAge") >= LEAST_AGE:
        return ""
    return _(
        "This server did not read `.streamlit/config.toml`. Clicks can be lost while a training is shown (`runner.fastReruns`), and "
        "drawing can break the connection (`global.maxCachedMessageAge`). Start the server with `gan-atelier` or `streamlit run app.py`."
    )


def warm_later() -> None:
    """After the first page: imports torch in the background, so that the next page need not wait for it."""
    global _warming
    with _once:
        if _warming:
            return
        _warming = True
    timer = threading.Timer(PAUSE, warm)
    timer.daemon = True
    timer.start()


def warm() -> None:
    """Imports what pages with networks need, and takes it out of the garbage collector's way."""
    import torch

    import gan_core.trained.model  # noqa: F401  (imports torch)

    torch.set_num_threads(1)  # thirty visitors share the cores; one small network gains nothing from more threads
    gc.collect()
    gc.freeze()
    warmed.set()
    with contextlib.suppress(AtelierError):  # a setting that does not fit is said by app.py
        jobs.keep_one_ready()


def settle() -> None:
    """After a page: if it was the first to need some modules, they are taken out of the collector's way too.

    With pandas and scipy in its way, collecting took three fifths of the server's time in a full room. Objects of visitors who are
    there at such a moment are frozen along with the modules; that happens a few times in a server's life.
    """
    global _modules
    with _once:
        if len(sys.modules) == _modules:
            return
        _modules = len(sys.modules)
    gc.collect()
    gc.freeze()


def _provide_plotly() -> None:
    """Copies plotly.js from the installed package, so that charts need no network. The package itself is not imported."""
    package = importlib.util.find_spec("plotly")
    if package is None or not package.submodule_search_locations:
        return  # the chart says in its place that plotly.js is missing
    source = Path(package.submodule_search_locations[0]) / "package_data" / "plotly.min.js"
    target = STATIC / "vendor" / "plotly.min.js"
    try:
        if target.is_file() and target.stat().st_size == source.stat().st_size:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(source, draft)
        draft.replace(target)
    except OSError:
        return  # a read-only installation: likewise
