"""The door of /judge for the first visitor of a fresh server; it must keep its name.

Until app.py has run once and named its pages, Streamlit looks for /judge in pages/judge.py, and would say "Page not found".
So this file runs app.py, which shows the page that belongs to the address (pages/shared/links.py).
"""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "app.py"))
