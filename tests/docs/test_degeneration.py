"""The page on the degeneration against the command that draws it."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from benchmarks import degeneration, degeneration_figures
from gan_core import runs
from gan_core.errors import AtelierError
from gan_core.jobs import recorder
from tests.configs import small

PAGE = Path(__file__).parents[2] / "docs" / "degeneration.md"


def test_the_tables_of_the_page_are_those_the_command_prints():
    lines = PAGE.read_text().splitlines()
    printed = [
        *degeneration_figures.stages(degeneration.FOLDER),
        *degeneration_figures.table(degeneration_figures.read(degeneration.FOLDER)),
        *degeneration_figures.late_table(degeneration_figures.treated(degeneration.FOLDER)),
    ]
    assert [line for line in printed if line not in lines] == []


def test_the_figures_are_drawn_from_the_measurements(tmp_path):
    (tmp_path / "late").mkdir()
    for path in degeneration.FOLDER.rglob("*.jsonl"):
        if path.parent.name != "long":
            (tmp_path / path.relative_to(degeneration.FOLDER)).write_bytes(path.read_bytes())
    degeneration_figures.draw(tmp_path)
    for name in ("published.svg", "long.svg", "changes.svg", "late.svg"):
        assert (tmp_path / name).stat().st_size > 10_000


def test_a_changed_training_changes_one_thing():
    from gan_core.gans.variants import VARIANTS

    recipe = VARIANTS["cgan"].recipes["published"]
    for change in ("none", "no-norm"):
        assert degeneration.changed("cgan", change, recipe) == recipe
    for change, field in (
        ("exact-log", {"objective"}),
        ("calm-adam", {"D", "G"}),
        ("averages", {"objective"}),
        ("batch-fakes", {"fakes_for_D"}),
        ("no-norm-r1", {"objective"}),
        ("r1", {"objective"}),
    ):
        other = degeneration.changed("cgan", change, recipe)
        assert {name for name in type(recipe).model_fields if getattr(other, name) != getattr(recipe, name)} == field


def test_what_is_kept_of_a_long_training_are_numbers_and_the_margin(tmp_path, monkeypatch):
    run = runs.new(small("cgan", "published", steps=3))
    for step in (1, 2):
        run.append_probe(step, 0.5 * step, {"ink": 1.0, "kid1k": 2.0}, {"real": [3.0, 5.0], "fake": [1.0, 0.0]})
    monkeypatch.setattr(degeneration, "FOLDER", tmp_path)
    path = degeneration.keep(run)
    assert path.name == "cgan-published-0.jsonl"
    (probes,) = degeneration_figures.longer(tmp_path).values()
    assert probes == [{"step": step, "seconds": 0.5 * step, "ink": 1.0, "kid1k": 2.0, "margin": 3.5} for step in (1, 2)]


def test_a_treatment_goes_on_from_where_the_training_stands():
    run = runs.new(small("cgan", "published", steps=2))
    list(recorder.work(run))
    untreated, treated = degeneration.late(run, "none", 0), degeneration.late(run, "calm-adam", 1)
    saved = load_file(run.resume_path)
    for state in (untreated, treated):
        assert state.step == 2
        assert all(torch.equal(value, saved[f"D.{name}"]) for name, value in state.D.state_dict().items())
    assert untreated.config.settings == run.config.settings
    assert treated.config.settings.G.lr == treated.g_optimizer.param_groups[0]["lr"] == degeneration.CALM.lr
    assert treated.g_optimizer.param_groups[0]["betas"][0] == degeneration.CALM.beta1
    moments = treated.g_optimizer.state[next(treated.G.parameters())]
    assert moments["step"] > 0, "what Adam remembers goes on too"


def test_what_cannot_be_treated_is_said_in_a_sentence(monkeypatch):
    other = runs.new(small("gan", "published", steps=1))
    shipped = runs.find("cgan-published").folder
    for argument, words in (
        (str(other.folder), "only published trainings"),
        (str(shipped), "no resume.safetensors"),
        ("nothing-here", "no run"),
    ):
        monkeypatch.setattr("sys.argv", ["degeneration", "treat", argument])
        with pytest.raises(SystemExit, match=words):
            degeneration.main()
    with pytest.raises(AtelierError, match="no change 'alive-generator'"):
        degeneration.changed("cgan", "alive-generator", runs.find("cgan-published").config.settings)
