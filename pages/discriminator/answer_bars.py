"""What two classifiers answer to one picture, as bars that move while one draws: SSGAN's eleven ways, and the judge's ten beside them."""

from __future__ import annotations

from pathlib import Path

from gan_core.translation import _
from pages.shared import components

_HERE = Path(__file__).parent
_bars = components.declare(
    "gan_atelier_bars", _HERE / "answer_bars.js", html='<div class="bars" role="img"></div>', css=_HERE / "answer_bars.css"
)
HEIGHT = 372  # CSS pixels: a heading, ten rows, a rule, the fake class


def draw(ssgan: list[float] | None, judge: list[float] | None, revision: int = 0) -> None:
    """SSGAN's eleven probabilities, the last of them "fake", beside the judge's ten; None: nothing is asked yet.

    `revision` is that of the drawing they answer to.
    """
    _bars(
        key="bars",
        data={
            "columns": [
                {"title": _("SSGAN's D"), "about": _("ten digits and “fake”"), "kind": "D", "values": ssgan},
                {"title": _("The judge"), "about": _("ten digits only"), "kind": "judge", "values": judge},
            ],
            "rows": [str(digit) for digit in range(10)],
            "extra": _("fake"),
            "alt": words(ssgan, judge),
            "digit": "" if ssgan is None else str(best(ssgan[:10])),
            "revision": revision,
        },
        height=HEIGHT,
    )


def best(values: list[float]) -> int:
    """The place of the greatest."""
    return max(range(len(values)), key=values.__getitem__)


def words(ssgan: list[float] | None, judge: list[float] | None) -> str:
    """The bars for those who cannot see them."""
    if ssgan is None or judge is None:
        return _("Bar chart of the answers of SSGAN's D and of the judge. There is no digit yet.")
    digit = best(ssgan[:10])
    read = best(judge)
    return _("SSGAN's D: {digit} with {p:.1%}, “fake” with {fake:.1%}. The judge: {read} with {q:.1%}.").format(
        digit=digit, p=ssgan[digit], fake=ssgan[10], read=read, q=judge[read]
    )
