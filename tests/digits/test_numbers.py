"""Numbers written in digits: which texts can be, and lines small enough to be set by hand."""

import io

import numpy as np
import pytest
from PIL import Image

from gan_core.digits import numbers
from gan_core.errors import AtelierError


def bar(columns: tuple[int, int], size: int = 6, grey: int = 255) -> np.ndarray:
    """An image [size, size] with ink in these columns only, all rows but the first and last."""
    image = np.zeros((size, size), np.uint8)
    image[1:-1, columns[0] : columns[1]] = grey
    return image


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("7", (7,)),
        ("24/12/2026", (2, 4, None, 1, 2, None, 2, 0, 2, 6)),
        ("  030 - 12.34 ", (0, 3, 0, None, 1, 2, None, 3, 4)),
        ("-5-", (5,)),
        ("9" * numbers.MOST, (9,) * numbers.MOST),
    ],
)
def test_digits_and_gaps_are_read(text: str, marks: tuple[int | None, ...]) -> None:
    assert numbers.read(text) == marks
    assert numbers.digits(marks) == tuple(int(c) for c in text if c.isdigit())


@pytest.mark.parametrize("text", ["+49 30", "12a", "１２", "²", "٣", "1\x002", "1\n2", "<b>", "😀1", "1,5", "(1)"])
def test_other_characters_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(AtelierError, match="0 to 9 only"):
        numbers.read(text)


def test_the_character_at_fault_is_named() -> None:
    with pytest.raises(AtelierError, match="cannot write “x”"):
        numbers.read("12x4y")
    with pytest.raises(AtelierError, match=r"U\+0000"):
        numbers.read("1\x002")


@pytest.mark.parametrize("text", ["", "   ", "-/.", "\t"])
def test_a_text_without_digits_is_refused(text: str) -> None:
    with pytest.raises(AtelierError):
        numbers.read(text)


def test_too_long_a_text_is_refused_and_blanks_at_its_ends_do_not_count() -> None:
    numbers.read(" " * 9 + "1" * numbers.MOST + " " * 9)
    with pytest.raises(AtelierError, match=f"25 characters .* at most {numbers.MOST}"):
        numbers.read("1" * (numbers.MOST + 1))


def test_whole_cells_touch_each_other() -> None:
    line = numbers.compose(np.stack([bar((1, 3)), bar((4, 5))]), (1, None, 2))
    assert line.ink.shape == (6, 6 + numbers.GAP + 6)
    assert line.places == ((0, 6), (6 + numbers.GAP, 12 + numbers.GAP))
    assert line.ink[2].nonzero()[0].tolist() == [1, 2, 6 + numbers.GAP + 4]


def test_cropped_digits_stand_so_many_pixels_apart() -> None:
    line = numbers.compose(np.stack([bar((1, 3)), bar((4, 5)), bar((0, 6))]), (1, 2, 3), spacing=2)
    #                  ink 1, 1   paper  ink 2  paper  ink 3
    assert line.ink[2].astype(bool).tolist() == [True, True, False, False, True, False, False] + 6 * [True]
    assert line.places == ((0, 2), (4, 5), (7, 13))
    assert not line.ink[0].any()
    assert not line.ink[-1].any()
    tight = numbers.compose(np.stack([bar((1, 3)), bar((4, 5))]), (1, None, 2), spacing=0)
    assert tight.ink[2].nonzero()[0].tolist() == [0, 1, 2 + numbers.GAP]


def test_haze_is_no_ink_and_an_empty_digit_keeps_its_cell() -> None:
    faint = bar((2, 4), grey=255) + bar((0, 1), grey=numbers.INK - 1)
    assert numbers.extent(faint) == (2, 4)
    assert numbers.extent(np.zeros((6, 6), np.uint8)) == (0, 6)
    line = numbers.compose(np.stack([np.zeros((6, 6), np.uint8), bar((1, 2))]), (4, 4), spacing=1)
    assert line.places == ((0, 6), (7, 8))


def test_the_picture_is_the_line_enlarged() -> None:
    ink = np.array([[0, 255], [64, 128]], np.uint8)
    picture = np.asarray(Image.open(io.BytesIO(numbers.png(ink, scale=3))))
    assert picture.shape == (6, 6)
    assert picture.tolist() == np.kron(ink, np.ones((3, 3), np.uint8)).tolist()


@pytest.mark.parametrize("colour", [numbers.LIGHT, numbers.DARK])
def test_ink_is_the_opacity_of_a_transparent_picture(colour: tuple[int, int, int]) -> None:
    ink = np.array([[0, 255], [64, 128]], np.uint8)
    picture = Image.open(io.BytesIO(numbers.transparent(ink, colour, scale=1)))
    assert picture.mode == "RGBA"
    red, green, blue, alpha = (np.asarray(channel) for channel in picture.split())
    assert alpha.tolist() == ink.tolist()
    assert (red.min(), green.max(), blue.min()) == colour


def test_smooth_enlarging_keeps_size_and_paper() -> None:
    ink = np.zeros((28, 40), np.uint8)
    ink[10:18, 10:18] = 255
    sharp, smooth = (np.asarray(Image.open(io.BytesIO(numbers.png(ink, 4, smooth=s)))) for s in (False, True))
    assert sharp.shape == smooth.shape == (112, 160)
    assert set(np.unique(sharp)) == {0, 255}
    assert len(np.unique(smooth)) > 10
    assert not smooth[:20].any()
