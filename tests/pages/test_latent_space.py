"""The page Latent space, run without a browser: what the explorer is given, and what it hears of the hand."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from gan_core.networks import sine
from gan_core.trained import directions, paths
from pages.latent_space.explorer import codec
from pages.latent_space.tools import tabs
from pages.shared import models
from tests.pages.app import charts, opened, own, pictures, said


def handed(app: AppTest) -> dict[str, Any]:
    """What the explorer was given."""
    (found,) = [e.proto for e in app.get("bidi_component") if e.proto.component_name.endswith("gan_atelier_explorer")]
    return json.loads(found.json)


def numbers(text: str) -> list[float]:
    """Numbers on their way to the page."""
    return np.frombuffer(base64.b64decode(text), "<f4").tolist()


def rested(app: AppTest, **point: Any) -> str:
    """The words on the page after the hand has rested there."""
    app.session_state["explorer"] = {"point": point}
    app.run()
    assert not app.exception
    return said(app)


def test_latent_hands_the_generator_over_and_hears_where_the_hand_rests(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("latent", run=run.id, seed="5")
    model = models.opened(run)
    (generator,) = [e.proto.bytes for e in app.get("bidi_component") if e.proto.component_name.endswith("gan_atelier_generator")]
    assert len(generator) > 100 * 128 + 128 * 784
    data = handed(app)
    assert data["name"].encode() in generator
    assert [numbers(data["drawn"][s]) for s in ("5", "6", "7")] == [model.latents(1, s)[0].tolist() for s in (5, 6, 7)]
    assert data["place"] == ""
    assert not app.slider, "they are in the browser"
    assert models.opinion(model, model.sample(1, seed=5), None) in said(app)

    elsewhere = (z[None] for z in model.latents(200, 7) if models.opinion(model, model.generate(z[None]), None) not in said(app))
    z = next(elsewhere)
    there, z = models.opinion(model, model.generate(z), None), z[0].tolist()
    point = {"owner": data["owner"], "code": "m0.50", "z": z, "y": None}
    assert there in rested(app, **point)
    assert handed(app) == data, "the same message: nothing is sent again"
    for bad in ({"owner": "x"}, {"z": z[:99]}, {"z": [float("nan")] * 100}, {"z": "soup"}, {"z": None}, {"z": [True, None] * 50}):
        assert there not in rested(app, **(point | bad)), bad
    edge = models.opinion(model, model.generate(torch.ones(1, 100)), None)
    assert edge in rested(app, **(point | {"z": [9.0] * 100})), "beyond the prior's ends there is nothing"


def test_latent_asks_for_classes_and_blends(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    app = opened("latent", run=run.id, seed="5", digit="3")
    assert handed(app)["digit"] == 3
    assert "of class 3 from" in said(app)
    z = numbers(handed(app)["drawn"]["5"])
    shares = [0.0, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.6, 0.0, 0.0]
    point = {"owner": handed(app)["owner"], "code": "c1.7.60", "z": z, "y": shares}
    assert "of class 7 from" in rested(app, **point)
    for bad in (None, shares[:9], [-1.0, 2.0] + [0.0] * 8, [0.0] * 10, "soup"):
        assert "of class 3 from" in rested(app, **(point | {"y": bad})), bad
    one, two, other = (pictures(opened("latent", run=run.id, seed=s, digit="3"))[0] for s in ("5", "5", "6"))
    assert one == two != other


def test_latent_keeps_the_place_where_it_means_the_same(trained: dict[str, Path]) -> None:
    run, same, other = own(trained, "gan"), own(trained, "cgan"), own(trained, "sine-mlp")
    app = opened("latent", run=run.id, seed="4", place="p100.0")
    assert handed(app)["place"] == "p100.0"
    point = {"owner": handed(app)["owner"], "code": "p250.300", "z": [0.1] * 100, "y": None}
    for there, wanted in ((same, "p250.300"), (other, "")):
        app.session_state["explorer"] = {"point": point}
        app.query_params["run"] = there.id
        app.run()
        assert handed(app)["run"] == there.id
        assert handed(app)["place"] == wanted
    app.session_state["explorer"] = {"point": point}
    app.query_params["run"] = run.id
    app.run()
    app.session_state["explorer"] = {"point": point}
    app.number_input(key="seed").set_value(5).run()
    assert handed(app)["seed"] == 5
    assert handed(app)["place"] == "", "a new seed stands where it was drawn"


def test_latent_hears_of_pins_and_sends_the_hand_elsewhere(trained: dict[str, Path]) -> None:
    run = own(trained, "cgan")
    model = models.opened(run)
    y = [0.0] * 9 + [1.0]
    kept = [{"z": model.latents(1, 9)[0].tolist(), "y": y}, {"z": "soup", "y": y}, "soup"]
    app = opened("latent", run=run.id, around="A − B + C")
    for owner, wanted in ((run.id, ["this sample", "pin 1", "a seed"]), ("another", ["this sample", "a seed"])):
        app.session_state["explorer"] = {"pins": {"run": owner, "pins": kept}}
        app.run()
        assert app.selectbox(key="arithmetic-1").options == wanted
    next(b for b in app.button if b.label == "Explore from here").click().run()
    assert not app.exception
    data = handed(app)
    assert data["turn"] == 1
    assert data["place"].startswith("aZ")
    z = paths.arithmetic(model.prior, *(model.latents(1, s) for s in (0, 1, 2)))[0].numpy()
    assert data["place"].endswith(f"{codec.code(z)}.1.2_c0.1.0")


@pytest.mark.parametrize("view", [tabs.MORE, *tabs.TITLES])
@pytest.mark.parametrize("name", ["cgan", "sine-mlp", "wgan"])
def test_every_view_of_latent_opens(trained: dict[str, Path], name: str, view: str) -> None:
    app = opened("latent", run=own(trained, name).id, around=view)
    assert not app.error


def test_latent_draws_the_seeds_that_the_page_asks_for(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("latent", run=run.id, place="a0.77.78_p100.200")
    assert handed(app)["place"] == "a0.77.78_p100.200"
    app.session_state["explorer"] = {"want": [77, 78, -1, "x", 2**40]}
    app.run()
    assert list(handed(app)["drawn"]) == ["0", "1", "2", "77", "78"]
    assert numbers(handed(app)["drawn"]["77"]) == models.opened(run).latents(1, 77)[0].tolist()


def test_latent_shows_directions_where_they_are_known(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    before = handed(opened("latent", run=run.id))
    assert not before["directions"]
    assert sorted(before["order"]) == list(range(100))
    directions.write(run, fitted=60)
    data = handed(opened("latent", run=run.id))
    assert len([d for d in data["directions"] if d["name"].startswith("SeFa")]) == 10
    assert all(len(numbers(d["vector"])) == 100 and "correlation" in d["quality"] for d in data["directions"])
    run.directions_path.write_bytes(b"soup")
    assert "safetensors" in handed(opened("latent", run=run.id))["about_directions"]


def test_latent_puts_other_generators_beside_where_priors_agree(trained: dict[str, Path]) -> None:
    run, cgan = own(trained, "gan"), own(trained, "cgan")
    sine = own(trained, "sine-mlp")
    app = opened("latent", run=run.id, beside=f"{cgan.id},{sine.id},nobody")
    data = handed(app)
    assert [other["run"] for other in data["agreeing"]].count(cgan.id) == 1
    assert sine.id not in [other["run"] for other in data["agreeing"]]
    assert [other["run"] for other in data["others"]] == [cgan.id]


def test_where_the_browser_cannot_latent_has_sliders_of_the_server(trained: dict[str, Path]) -> None:
    run = own(trained, "gan")
    app = opened("latent", run=run.id)
    app.session_state["explorer"] = {"broken": {"owner": handed(app)["owner"], "why": "no typed arrays"}}
    app.run()
    assert "no typed arrays" in app.warning[0].value
    first = pictures(app)[0]
    assert len(app.slider) == 8
    assert (app.slider[0].min, app.slider[0].max) == (-1.0, 1.0)
    assert "U(-1, 1)^100" in said(app)
    app.slider[0].set_value(1.0)
    app.slider[1].set_value(-1.0).run()
    moved = pictures(app)[0]
    assert moved != first
    app.selectbox(key=f"page-{run.id}").set_value(8).run()
    assert pictures(app)[0] == moved, "what was moved stays when other coordinates are shown"
    next(b for b in app.button if b.label == "Reset").click().run()
    assert pictures(app)[0] == first


def test_a_generator_that_cannot_be_handed_over_runs_on_the_server(trained: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = own(trained, "sine-mlp")
    monkeypatch.setattr(sine.DenseGenerator, "chain", lambda self: [nn.Softplus()])  # as if it were of a kind that no browser knows
    app = opened("latent", run=run.id)
    assert "cannot run" in app.warning[0].value
    assert "The server runs it" in app.warning[0].value
    assert len(app.slider) == 5
    assert (app.slider[0].min, app.slider[0].max) == (-3.0, 3.0)
    assert len(charts(app)) == 2
    assert not pictures(app)


def test_latent_shows_curves(trained: dict[str, Path]) -> None:
    app = opened("latent", run=own(trained, "sine-mlp").id)
    data = handed(app)
    assert data["kind"] == "curves"
    assert data["real"]
    assert data["span"][0] < min(min(y) for y in data["real"])
    assert not pictures(app)
