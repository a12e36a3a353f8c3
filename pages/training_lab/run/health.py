"""How a run is doing, in words, for the stage and for lists of runs."""

from __future__ import annotations

from gan_core.health import reading
from gan_core.health.rules import Health
from gan_core.runs import Run, Status
from gan_core.translation import N_, _
from pages.shared import history

WORDS = {"green": N_("Learning"), "amber": N_("Watch it"), "red": N_("In trouble"), "grey": N_("Young")}


def of(run: Run, status: Status) -> Health:
    """How it is doing, from what was recorded so far."""
    kept = history.of(run)
    return kept.once("health", status.state, lambda: reading.read(run.config, kept.records, kept.probes, status))


def word(found: Health) -> str:
    """The one or two words in front of the sentence."""
    return _(WORDS[found.level])
