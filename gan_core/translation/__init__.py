"""In which language? Every text that a visitor reads goes through `_`, in the pages and in the package alike.

    _("Start training")                                          a whole sentence, never a piece of one
    _("Step {step} of {steps}").format(step=3, steps=10)         what changes stands in braces, named, and is filled in afterwards
    ngettext("{n} run", "{n} runs", n).format(n=n)               a number decides the form
    N_("Mode collapse")                                          marks a constant; whoever draws it says _(constant)

English is what stands in the source. A catalogue of another language lies in locale/<language>/LC_MESSAGES/atelier.mo beside this file;
texts that it lacks stay English. The language is that of the current visitor: `speak` sets it for the thread that draws their page.
In JavaScript `pages/shared/words.js` does the same.
"""

from __future__ import annotations

import gettext as _gettext
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")
DOMAIN = "atelier"
ENGLISH = "en"

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def speak(language: str) -> None:
    """From now on the texts of this thread are in that language ("en", "de" ..), as far as it has them."""
    _language.set(language)


def language() -> str:
    """The language of this thread's texts."""
    return _language.get()


def _(text: str) -> str:
    """The text in the visitor's language."""
    return _catalogue(_language.get()).gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """The first for a single thing, the second for none or several, in the visitor's language."""
    return _catalogue(_language.get()).ngettext(one, many, n)


def N_(text: str) -> str:
    """The same text, marked: it is translated where it is shown."""
    return text


@lru_cache(maxsize=16)
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
