"""The palette in .streamlit/config.toml: one meaning a colour, readable from the back row, and told apart by colour-blind eyes.

Contrast is that of WCAG 2.1 (https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio): 4.5 for text, 3 for lines. Colour blindness is simulated
by Machado, Oliveira & Fernandes 2009 (doi:10.1109/TVCG.2009.113), severity 1, on linear RGB; distances are those of CIELAB (1976, D65).
"""

from __future__ import annotations

import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
MODES = ("light", "dark")
ROLES = ("blue", "orange", "gray")  # D, generated, real: the first three of the chart's colours, in this order
HEALTH = ("green", "yellow", "red")

TEXT, LINE = 4.5, 3.0  # WCAG 2.1, 1.4.3 and 1.4.11
CAPTION = 0.6  # Streamlit draws captions in the text's colour at this opacity
APART = 15.0  # CIELAB; about 2 is just to be told apart side by side
NEVER_ON_ONE_CHART = 10.0

EYES = {
    "all three cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"what reaches the eye of linear RGB, by Machado et al. 2009, table for severity 1.0"
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))  # sRGB, D65
WHITE = tuple(sum(row) for row in TO_XYZ)

Triple = tuple[float, float, float]


def times(matrix: tuple[Triple, ...], vector: Triple) -> Triple:
    x, y, z = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def linear(colour: str) -> Triple:
    """Linear RGB in [0, 1] of "#rrggbb" (IEC 61966-2-1)."""
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    undo = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (r, g, b)]
    return undo[0], undo[1], undo[2]


def contrast(a: str, b: str) -> float:
    """(lighter + 0.05) / (darker + 0.05), relative luminances: 1 to 21."""
    dark, light = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(a), linear(b)))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: Triple) -> Triple:
    """CIELAB of linear RGB."""

    def root(t: float) -> float:
        return t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29

    x, y, z = (root(v / w) for v, w in zip(times(TO_XYZ, rgb), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(a: str, b: str, eye: str) -> float:
    """How far apart two colours are to an eye: the Euclidean distance in CIELAB."""
    seen = [lab(tuple(min(1.0, max(0.0, c)) for c in times(EYES[eye], linear(colour)))) for colour in (a, b)]  # type: ignore[arg-type]
    return sum((p - q) ** 2 for p, q in zip(*seen, strict=True)) ** 0.5


def blended(colour: str, share: float, ground: str) -> str:
    parts = (round(share * int(colour[i : i + 2], 16) + (1 - share) * int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def grounds(mode: str) -> tuple[str, str]:
    return THEME[mode]["backgroundColor"], THEME[mode]["secondaryBackgroundColor"]


def roles(mode: str) -> dict[str, str]:
    return {name: THEME[mode][f"{name}Color"] for name in ROLES}


def health(mode: str) -> dict[str, str]:
    return {name: THEME[mode][f"{name}Color"] for name in HEALTH}


def runs(mode: str) -> dict[str, str]:
    """The colours of runs beside each other; pages/shared/charts.js gives the fourth the text's."""
    first, second, third = THEME[mode]["chartCategoricalColors"][3:]
    return {"run1": first, "run2": second, "run3": third, "run4": THEME[mode]["textColor"]}


def test_the_computation_gives_what_the_standards_say() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the grey that famously just fails
    assert lab(linear("#ffffff")) == pytest.approx((100, 0, 0), abs=1e-6)
    assert lab(linear("#ff0000")) == pytest.approx((53.24, 80.09, 67.20), abs=0.02)
    for eye, matrix in EYES.items():
        assert times(matrix, (1.0, 1.0, 1.0)) == pytest.approx((1, 1, 1), abs=2e-6), f"{eye}: white stays white"
    assert distance("#cc3311", "#117733", "deuteranopia") < 0.5 * distance("#cc3311", "#117733", "all three cones")


@pytest.mark.parametrize("mode", MODES)
def test_a_word_and_its_line_have_one_colour(mode: str) -> None:
    assert THEME[mode]["chartCategoricalColors"][:3] == list(roles(mode).values())
    for name in (*ROLES, *HEALTH):
        assert THEME[mode][f"{name}TextColor"] == THEME[mode][f"{name}Color"]


@pytest.mark.parametrize("mode", MODES)
def test_every_text_can_be_read(mode: str) -> None:
    theme = THEME[mode]
    for ground in grounds(mode):
        for name in (*ROLES, *HEALTH):
            assert contrast(theme[f"{name}TextColor"], ground) >= TEXT, f"{name} on {ground}"
        for name, colour in runs(mode).items():  # they are labels at the ends of lines, too
            assert contrast(colour, ground) >= TEXT, f"{name} on {ground}"
        for name in ("textColor", "linkColor"):
            assert contrast(theme[name], ground) >= TEXT, f"{name} on {ground}"
        assert contrast(blended(theme["textColor"], CAPTION, ground), ground) >= TEXT, f"captions on {ground}"
    for name in (*ROLES, *HEALTH):
        assert contrast(theme[f"{name}TextColor"], theme[f"{name}BackgroundColor"]) >= TEXT, f"a {name} badge"
    assert contrast("#ffffff", theme["primaryColor"]) >= TEXT, "a filled button"


@pytest.mark.parametrize("mode", MODES)
def test_every_line_can_be_seen(mode: str) -> None:
    for ground in grounds(mode):
        for colour in (*THEME[mode]["chartCategoricalColors"], THEME[mode]["primaryColor"]):
            assert contrast(colour, ground) >= LINE, f"{colour} on {ground}"


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("mode", MODES)
def test_colours_on_one_chart_are_told_apart(mode: str, eye: str) -> None:
    for together in (roles(mode) | {"text": THEME[mode]["textColor"]}, runs(mode)):
        for (a, x), (b, y) in combinations(together.items(), 2):
            assert distance(x, y, eye) >= APART, f"{a} and {b}"
    for a, x in roles(mode).items():
        for b, y in runs(mode).items():
            assert distance(x, y, eye) >= NEVER_ON_ONE_CHART, f"{a} and {b}"


@pytest.mark.parametrize("mode", MODES)
def test_health_has_its_colours_to_itself(mode: str) -> None:
    """By eyes with three cones; to others health says a word and shows a sign, and its three colours differ still."""
    for a, x in health(mode).items():
        for b, y in (roles(mode) | runs(mode) | {"primary": THEME[mode]["primaryColor"]}).items():
            assert distance(x, y, "all three cones") >= 2 * APART, f"{a} and {b}"
    for eye in EYES:
        for (a, x), (b, y) in combinations(health(mode).items(), 2):
            assert distance(x, y, eye) >= NEVER_ON_ONE_CHART, f"{a} and {b}, {eye}"


HEX = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
IN_BOTH_THEMES = {
    "#868c98": "real",
    "#d9691e": "generated",
    "#3b8fc4": "D",
    "#8b6cc7": "a mark on a scale",
}
"what cannot follow the theme: pictures that the browser keeps, and formulas"
OF_DIGITS = {"#000", "#fff", "#000000", "#ffffff", "#0d0f13", "#282828", "#e8e8ec"}
"digits are white on black in both themes; words beside them on that ground"
FIXED = {"#b3261e": "#ffffff", "#1f2229": "#ffffff", "#f2994a": "#000000", "#56b4e9": "#000000"}
"what lies on, or under, a colour that does not follow the theme either"


def test_no_page_has_colours_of_its_own() -> None:
    """Components read `var(--st-blue-color)` and its like, Python writes `:blue[...]`; what can do neither stands in the tables above."""
    known = IN_BOTH_THEMES.keys() | OF_DIGITS | FIXED.keys()
    for path in sorted((ROOT / "pages").rglob("*")):
        if path.suffix in (".py", ".js", ".css", ".html"):
            strange = set(HEX.findall(path.read_text(encoding="utf-8"))) - known
            assert not strange, path.relative_to(ROOT)


def test_colours_for_both_themes_are_seen_on_both() -> None:
    for mode in MODES:
        for colour, meaning in IN_BOTH_THEMES.items():
            for ground in grounds(mode):
                assert contrast(colour, ground) >= LINE, f"{meaning} on {ground}"
    for colour, other in FIXED.items():
        assert contrast(colour, other) >= TEXT
