"""The app's JavaScript: its pure parts under node, the joiner, and the door for numbers."""

from __future__ import annotations

import base64
import json
import math
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

import gan_core
from gan_core.export import browser
from gan_core.gans.priors import Normal, Uniform
from pages.shared import components, javascript

ROOT = Path(__file__).parents[2]
ENTRIES = (
    *(
        "latent_space/explorer/main",
        "latent_space/explorer/transfer",
        "training_lab/run/stage",
        "training_lab/pair/pair",
        "shared/charts",
        "shared/drawing_pad",
    ),
    *("shared/replay", "compare/card", "training_lab/form/address", "training_lab/form/variant_cards"),
    *("shared/visitors", "discriminator/answer_bars", "digits_on_request/blend", "digits_on_request/style_grid"),
)
GENERATORS = ("gan-stable", "cgan-stable", "cgan-mlp-stable", "sine-mlp-stable")  # one of each kind of layer, prior and class


@pytest.fixture(autouse=True)
def shipped_folder() -> None:
    """The shipped runs themselves: it is their generators that are drawn here."""


@pytest.fixture(scope="module")
def node() -> str:
    """Node, where it is."""
    path = shutil.which("node")
    if path is None:
        if os.environ.get("GAN_ATELIER_REQUIRE_BROWSER") == "1":
            pytest.fail("GAN_ATELIER_REQUIRE_BROWSER=1, but there is no node on this machine")
        pytest.skip("node is not on this machine; the browser's tests run the same code")
    return path


def _case(name: str) -> dict[str, object]:
    """A generator as the browser gets it, and what PyTorch makes with it, black 0 and white 1 apart at most."""
    model = gan_core.load(name)
    k = model.variant.classes
    z = model.latents(4, seed=11)
    y = torch.softmax(torch.randn(4, k, generator=torch.Generator().manual_seed(1)), 1) if k else None
    return {
        "name": name,
        "content": base64.b64encode(browser.describe(model.G, model.variant, name)).decode(),
        "z": z.tolist(),
        "y": None if y is None else y.tolist(),
        "x": model.generate(z, y).flatten(1).tolist(),
    }


def _ways() -> list[dict[str, object]]:
    """Points between three draws of each prior, by gan_core."""
    ways = []
    for prior in (Normal(8), Uniform(8, -1.0, 1.0)):
        zs = prior.sample(3, torch.device("cpu"), torch.Generator().manual_seed(5))
        for weights in ([1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.2, 0.3, 0.5], [-0.6, 0.8, 0.8]):
            z = prior.combine(zs, torch.tensor([weights]))
            kind = "normal" if isinstance(prior, Normal) else "uniform"
            ways.append({"prior": kind, "bounds": [-1.0, 1.0], "zs": zs.tolist(), "weights": weights, "z": z.flatten().tolist()})
    return ways


def test_engine_and_places_under_node(node: str, tmp_path: Path) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps({"generators": [_case(name) for name in GENERATORS], "ways": _ways()}))
    files = sorted(str(path) for path in (ROOT / "tests" / "pages" / "javascript").glob("*.test.js"))
    assert files
    done = subprocess.run(
        [node, "--test", *files], env=os.environ | {"GAN_ATELIER_CASES": str(cases)}, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout or "fail 0" in done.stdout


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_component_joins_into_one_module(node: str, tmp_path: Path, entry: str) -> None:
    source = javascript.joined(ROOT / "pages" / f"{entry}.js")
    file = tmp_path / "joined.mjs"
    file.write_text(source, encoding="utf-8")
    subprocess.run([node, "--check", str(file)], check=True)
    assert source.count("export default function") == 1
    assert "\nimport " not in source


def test_every_entry_is_tried() -> None:
    found = {
        str(p.relative_to(ROOT / "pages").with_suffix(""))
        for p in (ROOT / "pages").rglob("*.js")
        if "export default" in p.read_text("utf-8")
    }
    assert found == set(ENTRIES)


def test_a_file_comes_once_and_after_what_it_imports(tmp_path: Path) -> None:
    (tmp_path / "low.js").write_text("export const one = 1\nconst hidden = 2\nexport const two = hidden\n")
    (tmp_path / "middle.js").write_text('import { one } from "./low.js"\nexport function double() { return 2 * one }\n')
    (tmp_path / "top.js").write_text(
        'import {\n  one,\n  two,\n} from "./low.js"\nimport { double } from "./middle.js"\n'
        "export default function () { return one + two + double() }\n"
    )
    source = javascript.joined(tmp_path / "top.js")
    assert source.index("const one = 1") < source.index("function double") < source.index("export default")
    assert source.count("const one") == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"top": 'import { lost } from "./low.js"\n', "low": "const lost = 1\n"}, "exports no such name"),
        ({"top": 'import { a } from "./low.js"\nconst same = 1\n', "low": "export const a = 1\nconst same = 2\n"}, "both declare 'same'"),
        (
            {"top": 'import { a } from "./low.js"\nexport const b = 1\n', "low": 'import { b } from "./top.js"\nexport const a = 1\n'},
            "imports itself",
        ),
        ({"top": 'import * as low from "./low.js"\n', "low": ""}, "cannot be joined"),
        ({"top": 'import { a } from "https://elsewhere.example/a.js"\n'}, "cannot be joined"),
        ({"top": 'import { a } from "./low.js"\n', "low": "export const a = 1\nexport default a\n"}, "is no entry"),
    ],
)
def test_what_cannot_be_joined_is_said(tmp_path: Path, files: dict[str, str], words: str) -> None:
    for name, source in files.items():
        (tmp_path / f"{name}.js").write_text(source)
    with pytest.raises(ValueError, match=words):
        javascript.joined(tmp_path / "top.js")


def test_every_component_goes_through_that_door() -> None:
    for path in (ROOT / "pages").rglob("*.py"):
        assert ("components.v2" in path.read_text("utf-8")) == (path == Path(components.__file__)), path


def test_no_number_that_json_lacks_goes_to_the_browser() -> None:
    sent = components.finite(
        {"a": [1.0, math.nan, (math.inf, 2)], "b": {"c": -math.inf, "d": "NaN"}, "n": np.float64("nan"), "raw": b"\xff"}
    )
    assert sent == {"a": [1.0, None, [None, 2]], "b": {"c": None, "d": "NaN"}, "n": None, "raw": b"\xff"}
    json.dumps({name: value for name, value in sent.items() if name != "raw"}, allow_nan=False)
