"""What people say of a run: whose it is, and its title."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from gan_core.errors import AtelierError
from gan_core.gans.config import sentence
from gan_core.translation import _

MAX_TITLE = 80
_TURNING = ("LR", "RL", "PD", "FS")  # marks that set the direction of writing: LRE LRO LRI RLE RLO RLI PDF PDI FSI


def _printable(text: str) -> str:
    """The text without spaces around it. Refuses what would not be seen, or would turn what stands beside it around."""
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(c)[:2] in _TURNING for c in text):
        raise ValueError(_("A title or an owner must not contain control characters or line breaks."))
    return text.strip()


class RunLabel(BaseModel):
    """What people say of a run, apart from what is trained; the content of about.json. Written under the lock."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    owner: Annotated[str, AfterValidator(_printable)] = ""
    "whoever asked for it; empty: nobody in particular, as on the command line"
    title: Annotated[str, AfterValidator(_printable)] = ""
    "given by people; empty: none"
    presenter: bool = False
    "asked for by the presenter: it goes ahead of the queue"

    @classmethod
    def checked(cls, owner: str, title: str, *, presenter: bool = False) -> Self:
        """RunLabel, of values from people. Raises AtelierError with a sentence about what does not fit."""
        if len(title.strip()) > MAX_TITLE:
            words = _("A title has at most {most} characters; this one has {n}.")
            raise AtelierError(words.format(most=MAX_TITLE, n=len(title.strip())))
        try:
            return cls(owner=owner, title=title, presenter=presenter)
        except ValidationError as error:
            raise AtelierError(sentence(error)) from None
