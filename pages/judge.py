"""The first visitor of a fresh server may come straight to /judge, and Streamlit looks here until app.py has named its pages."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "app.py"))
