"""How a run is doing, in words, for the stage, for runs beside each other and for lists of them."""

from __future__ import annotations

from gan_core.health import reading
from gan_core.health.reading import Health
from gan_core.runs import Run, Status
from gan_core.translation import N_, _, language
from pages.shared import history

WORDS = {"young": N_("Young"), "learning": N_("Learning"), "learned": N_("Learned"), "amber": N_("Watch it"), "red": N_("In trouble")}


def of(run: Run, status: Status) -> Health:
    """How it is doing, from what was recorded so far."""
    kept = history.of(run)
    return kept.once("health", (status.state, language()), lambda: reading.read(run.config, kept.records, kept.probes, kept.looks, status))


def word(found: Health) -> str:
    """The one or two words in front of the sentence."""
    return _(WORDS[found.level if found.state == "trouble" else found.state])
