"""Uploads that are refused, uploads that are read, and MNIST's preparation against MNIST itself."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from gan_core import data
from gan_core.digits import preprocess
from gan_core.errors import AtelierError
from tests.uploads import chunk, png


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=kind, **options)
    return buffer.getvalue()


def a_digit(side: int = 280) -> Image.Image:
    """A real digit, drawn large."""
    return Image.fromarray(data.image_arrays("digits-5k")[0][2500]).resize((side, side), Image.Resampling.NEAREST)


def malformed() -> Iterator[tuple[str, bytes]]:
    """Sixty uploads that are no picture of a digit."""
    whole = {kind: encoded(a_digit(), kind) for kind in ("PNG", "JPEG", "WEBP")}
    yield "empty", b""
    for n in (1, 8, 24):
        yield f"{n} bytes", whole["PNG"][:n]
    for kind, content in whole.items():  # cut off
        for share in (0.02, 0.1, 0.3, 0.6, 0.9):
            yield f"{kind} cut to {share:.0%}", content[: int(len(content) * share)]
    # other kinds of files, some under a picture's first bytes
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "SGI", "EPS", "PDF", "JPEG2000"):
        yield f"a {kind}", encoded(a_digit(64).convert("RGB"), kind)
    yield "text", b"seven\n" * 40
    yield "HTML", b"<html><script>alert(1)</script></html>"
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><text>7</text></svg>'
    yield "zip", b"PK\x03\x04" + bytes(200)
    yield "program", b"\x7fELF\x02\x01\x01" + bytes(200)
    yield "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(7) show\n"
    yield "pickle", b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93."
    yield "noise", random.Random(0).randbytes(5000)
    yield "PNG's name, then noise", b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(500)
    yield "JPEG's name, then noise", b"\xff\xd8\xff\xe0" + random.Random(2).randbytes(500)
    yield "WebP's name, then noise", b"RIFF\xf4\x01\0\0WEBPVP8 " + random.Random(3).randbytes(500)
    # bombs
    yield "PNG of 3.6 thousand million pixels", png(60_000, 60_000)
    yield "PNG of 100 million pixels", png(10_000, 10_000)
    yield "PNG as long as can be", png(2**31 - 1, 2)
    yield "PNG of 30 million black pixels in 30 kB", encoded(Image.new("L", (6000, 5000)), "PNG")
    yield "PNG with a text of 100 MB", png(28, 28, extra=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**8))))
    yield "JPEG that says 65,500 x 65,500", _with_size(whole["JPEG"], 65_500, 65_500)
    yield (
        "WebP of 268 million pixels",
        b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8L" + struct.pack("<I", 17) + b"\x2f" + b"\xff" * 4 + bytes(13),
    )
    yield "eleven megabytes", whole["PNG"] + bytes(11 * 10**6)
    # headers that lie
    yield "PNG without width", png(0, 28)
    yield "PNG without height", png(28, 0)
    yield "JPEG without height", _with_size(whole["JPEG"], 280, 0)
    yield "PNG of 3 bits", png(28, 28, depth=3)
    yield "PNG of colour type 5", png(28, 28, colour=5)
    yield "PNG with a palette that is missing", png(28, 28, colour=3)
    yield "PNG whose pixels are no zlib", png(28, 28, pixels=b"not compressed at all")
    yield "PNG with too few pixels", png(28, 28, pixels=zlib.compress(bytes(100)))
    yield "PNG with a wrong checksum", whole["PNG"][:-20] + bytes([whole["PNG"][-20] ^ 255]) + whole["PNG"][-19:]
    yield "PNG with a byte changed", whole["PNG"][:120] + bytes([whole["PNG"][120] ^ 1]) + whole["PNG"][121:]
    # several pictures in one
    pages = [Image.new("L", (28, 28), v) for v in (0, 255)]
    yield "animated PNG", encoded(pages[0], "PNG", save_all=True, append_images=pages[1:])
    yield "animated WebP", encoded(pages[0], "WEBP", save_all=True, append_images=pages[1:])
    # nothing to see
    yield "black", encoded(pages[0], "PNG")
    yield "white", encoded(pages[1], "JPEG")
    yield "transparent", encoded(Image.new("RGBA", (28, 28), (255, 0, 0, 0)), "PNG")
    yield "one pixel", encoded(Image.new("L", (1, 1), 200), "PNG")


def _with_size(jpeg: bytes, width: int, height: int) -> bytes:
    """The JPEG with another size in its header."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


MALFORMED = list(malformed())


def test_there_are_sixty() -> None:
    assert len(MALFORMED) >= 60
    assert len({name for name, _ in MALFORMED}) == len(MALFORMED)


@pytest.mark.parametrize(("name", "content"), MALFORMED, ids=[name for name, _ in MALFORMED])
def test_a_malformed_upload_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(AtelierError) as refusal:
        preprocess.prepare(preprocess.decode(content))
    said = str(refusal.value)
    assert said.endswith(".")
    assert 30 < len(said) < 200
    assert "Error" not in said


def test_any_damage_is_refused_or_read_and_never_worse() -> None:
    """Real pictures with bytes overwritten at random, cut or doubled."""
    dice = random.Random(4)
    originals = [encoded(a_digit(64), kind) for kind in ("PNG", "JPEG", "WEBP")]
    refused = 0
    for _ in range(400):
        content = bytearray(dice.choice(originals))
        for _ in range(dice.randint(1, 12)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        if dice.random() < 0.3:
            del content[dice.randrange(len(content)) :]
        try:
            grey = preprocess.decode(bytes(content))
        except AtelierError:
            refused += 1
        else:
            assert grey.dtype == np.uint8
            assert max(grey.shape) <= preprocess.MAX_SIDE
    assert refused > 100


def grey_of(image: Image.Image, kind: str = "PNG", **options: object) -> np.ndarray:
    return preprocess.decode(encoded(image, kind, **options))


def test_every_mode_of_a_picture_gives_the_same_digit() -> None:
    original = a_digit()
    wanted = preprocess.prepare(np.asarray(original)).digit
    pixels = np.asarray(original)
    ink = Image.fromarray(pixels)
    sixteen = Image.fromarray(pixels.astype(np.uint16) * 257)
    on_nothing = Image.merge("RGBA", [Image.new("L", ink.size, 255)] * 3 + [ink])  # white ink, transparent ground
    black_on_nothing = Image.merge("LA", [Image.new("L", ink.size, 0), ink])
    for image in (
        original,
        original.convert("RGB"),
        original.convert("P"),
        original.convert("RGBA"),
        sixteen,
        on_nothing,
        black_on_nothing,
    ):
        assert near(preprocess.prepare(grey_of(image)).digit, wanted, 2), image.mode
    assert near(preprocess.prepare(grey_of(on_nothing.quantize(64))).digit, wanted, 12), "palette with transparency"
    assert near(preprocess.prepare(grey_of(original, "JPEG", quality=95)).digit, wanted, 12)
    assert near(preprocess.prepare(grey_of(original.convert("CMYK"), "JPEG", quality=95)).digit, wanted, 12)
    assert near(preprocess.prepare(grey_of(original.convert("RGB"), "WEBP", lossless=True)).digit, wanted, 2)
    bilevel = preprocess.prepare(grey_of(original.convert("1", dither=Image.Dither.NONE)))
    assert near(bilevel.digit, preprocess.prepare(np.where(pixels > 127, 255, 0).astype(np.uint8)).digit, 2)


def near(a: np.ndarray, b: np.ndarray, limit: float) -> bool:
    """Is the mean difference, over the pixels that either inks, at most so many grey levels?"""
    inked = (a > 0) | (b > 0)
    return float(np.abs(a.astype(float) - b)[inked].mean()) <= limit


def test_a_picture_stands_upright_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    lying = a_digit().transpose(Image.Transpose.ROTATE_90)
    assert near(
        preprocess.prepare(grey_of(lying, "JPEG", quality=95, exif=exif)).digit, preprocess.prepare(np.asarray(a_digit())).digit, 12
    )


def test_a_large_photograph_is_read_small() -> None:
    wanted = preprocess.prepare(np.asarray(a_digit())).digit
    for kind in ("JPEG", "PNG"):
        grey = grey_of(a_digit(4480).convert("RGB"), kind)
        assert max(grey.shape) == preprocess.MAX_SIDE
        assert near(preprocess.prepare(grey).digit, wanted, 25)


def some(n: int = 300) -> np.ndarray:
    """Real digits: those that come with the package, all ten of them."""
    return data.image_arrays("digits-5k")[0][:: 5000 // n]


def test_real_digits_drawn_large_come_back_as_themselves() -> None:
    """Enlarged tenfold, dark on light or light on dark, anywhere on a larger sheet."""
    dice = np.random.default_rng(0)
    exact = 0
    for pixels in some():
        sheet = np.zeros((400, 420), dtype=np.uint8)
        top, left = dice.integers(2, 118), dice.integers(2, 138)
        sheet[top : top + 280, left : left + 280] = pixels.repeat(10, 0).repeat(10, 1)
        turned = bool(dice.integers(2))
        prepared = preprocess.prepare(255 - sheet if turned else sheet)
        assert prepared.inverted == turned
        exact += near(prepared.digit, pixels, 1.5)
    assert exact >= 0.98 * len(some())  # of the others MNIST did not make the longer side 20


def test_smooth_enlargements_come_back_close() -> None:
    far = []
    for pixels in some():
        large = Image.fromarray(pixels).resize((317, 317), Image.Resampling.BICUBIC)
        again = preprocess.prepare(np.asarray(large)).digit.astype(float)
        far.append(np.sqrt(((again - pixels) ** 2).mean()) / 255)
    assert np.median(far) < 0.08  # a pixel's shift of the whole digit is about 0.2
    assert np.mean(far) < 0.1


def test_a_photograph_with_shade_and_grain_gives_the_digit() -> None:
    dice = np.random.default_rng(1)
    close = []
    for pixels in some(100):
        ink = np.asarray(Image.fromarray(pixels).resize((420, 420), Image.Resampling.BICUBIC), dtype=float) / 255
        paper = np.linspace(205, 180, 600)[None] + dice.normal(0, 3, (600, 600))
        photo = paper.copy()
        photo[90:510, 90:510] = paper[90:510, 90:510] * (1 - ink) + 40 * ink
        prepared = preprocess.prepare(np.clip(photo, 0, 255).astype(np.uint8))
        assert prepared.inverted
        close.append(np.sqrt(((prepared.digit.astype(float) - pixels) ** 2).mean()) / 255)
    assert np.median(close) < 0.12


@pytest.mark.parametrize("shape", [(1, 900), (900, 1), (3, 3), (7, 300)])
def test_odd_shapes_do_not_break_it(shape: tuple[int, int]) -> None:
    grey = np.zeros((shape[0] + 2, shape[1] + 2), dtype=np.uint8)
    grey[1:-1, 1:-1] = 255
    prepared = preprocess.prepare(grey)
    assert prepared.digit.shape == (28, 28)
    assert max(prepared.boxed.shape) == 20
    assert prepared.digit.max() > 200


def test_the_steps_are_told_in_order() -> None:
    prepared = preprocess.prepare(255 - np.asarray(a_digit()))
    titles = [title for title, _, _ in prepared.steps]
    assert titles == ["Grey", "Light on dark", "Cropped", "In a box of 20", "Centred"]
    assert "is inverted" in prepared.steps[1][2]
    assert all(picture.dtype == np.uint8 for _, picture, _ in prepared.steps)
