"""Pages of trainings whose numbers broke: what one looks at most."""

from __future__ import annotations

import json

import pytest

from gan_core import pictures, runs
from gan_core.jobs.recorder import work
from gan_core.runs import Run
from pages.shared import images
from tests.configs import diverging
from tests.pages.app import opened


@pytest.fixture
def diverged() -> Run:
    run = runs.new(diverging("sine-mlp"))
    list(work(run))
    assert run.status.state == "failed"
    return run


def test_nothing_that_json_lacks_is_sent_to_the_browser(diverged: Run) -> None:
    app = opened("lab", run=diverged.id)
    sent = [json.loads(element.proto.json, parse_constant=pytest.fail) for element in app.get("bidi_component")]
    (stage,) = [data for data in sent if "frames" in data]
    assert stage["frames"][0]["fake"][0][0] is None
    assert None not in stage["frames"][0]["real"][0]
    assert stage["verdict"]["level"] == "red"
    assert len(stage["charts"]) > 4


@pytest.mark.parametrize("fake", ["[[1.0,NaN,2.0]]", "[[1.0,null,2.0]]", "[[NaN,NaN,NaN]]"])
def test_a_small_picture_of_curves_has_gaps(fake: str) -> None:
    """Files that were written before there were nulls hold NaN."""
    content = pictures.read_curves(f'{{"x":[0,1,2],"real":[[0.0,1.0,0.0]],"fake":{fake}}}'.encode())
    drawn = images.svg(content["real"], content["fake"])
    assert "nan" not in drawn
    assert drawn.count("<polyline") == (1 if "1.0" not in fake else 3)
