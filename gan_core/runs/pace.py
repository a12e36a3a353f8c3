"""How fast a run is to train, as people set it: the content of pace.json in its folder."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from gan_core.errors import AtelierError
from gan_core.translation import _

SLOWEST, FASTEST = 0.1, 1000.0  # steps a second that can be asked for
KEPT = 64  # single steps that may be asked for before one of them is taken
Turn = Literal["both", "D", "G"]
"what one step updates"


def _rate(rate: float) -> float:
    if rate == 0 or SLOWEST <= rate <= FASTEST:
        return rate
    raise ValueError


class Pace(BaseModel):
    """How fast a run is to train. Written under the lock; the training process reads it several times a second."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    rate: Annotated[float, AfterValidator(_rate)] | None = None
    "steps a second; 0: held, it takes the single steps alone that are asked for; None: as fast as it can"
    singles: Annotated[tuple[Turn, ...], Field(max_length=KEPT)] = ()
    "the single steps that were asked for last, oldest first"
    before: Annotated[int, Field(ge=0)] = 0
    "how many single steps were asked for before those"

    def with_rate(self, rate: float | None) -> Self:
        """The same at another rate. Raises AtelierError if that does not do."""
        try:
            return self.model_copy(update={"rate": Pace(rate=rate).rate})
        except ValidationError:
            words = _("A pace of {rate!r} does not fit: choose {slowest:g} to {fastest:g} steps a second, 0 to hold, none for full speed.")
            raise AtelierError(words.format(rate=rate, slowest=SLOWEST, fastest=FASTEST)) from None

    def with_single(self, turn: Turn) -> Self:
        """Held, and asked for one more single step. Raises AtelierError if there is no such step."""
        try:
            Pace(singles=(turn,))
        except ValidationError:
            raise AtelierError(_("There is no single step of {name!r}: choose both, D or G.").format(name=turn)) from None
        singles = (*self.singles, turn)
        return self.model_copy(update={"rate": 0.0, "singles": singles[-KEPT:], "before": self.before + len(singles[:-KEPT])})

    def at_rest(self) -> Self:
        """What is left of it when the process has ended: nobody holds it any more, and no single step is asked for."""
        rate = None if self.rate == 0 else self.rate
        return self.model_copy(update={"rate": rate, "singles": (), "before": self.before + len(self.singles)})

    def singles_after(self, taken: int) -> tuple[Turn, ...]:
        """The single steps that were asked for after so many."""
        return self.singles[max(0, taken - self.before) :]
