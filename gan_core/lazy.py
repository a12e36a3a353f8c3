"""Modules that are imported at their first use.

Importing torch costs seconds. Naming a variant, validating a configuration, listing runs or drawing the home page must not
pay them, so the modules that only *describe* networks and losses reach torch through this.
"""

import importlib
from typing import Any


class Lazy:
    """Stands for the module `name`; the first attribute asked of it imports it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)
