"""RunConfig: what it takes for granted, what it refuses at every door, and what it says was changed."""

from __future__ import annotations

import gettext
import json
import math
import re

import pytest
from typer.testing import CliRunner

from gan_core import cli, jobs, runs, translation
from gan_core.errors import AtelierError
from gan_core.gans.config import SETTINGS_IN_WORDS, RunConfig, checked, configure, opened, parse
from gan_core.gans.objectives import OBJECTIVES, NonSaturating, Saturating
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants import VARIANTS
from gan_core.trained.model import load
from gan_core.training.loop import train
from gan_core.training.state import State


def with_changes(variant: str, recipe: str, **changes: object) -> Recipe:
    return VARIANTS[variant].recipes[recipe].model_copy(update=changes)


IMPOSSIBLE = [
    ("gan-bn", "published", {"objective": NonSaturating(r1=0.1)}, "batch norm|separately"),
    ("sine-mlp", "published", {"d_steps": 4}, "updates G first"),
    ("ssgan", "stable", {"objective": NonSaturating()}, "outputs of D do not match"),
    ("gan", "stable", {"batch": 0}, r"batch = 0 does not fit"),
    ("gan", "published", {"batch": 33}, "mini-batches"),
    ("gan", "stable", {"objective": NonSaturating().model_copy(update={"r1": -1.0})}, "r1 = -1"),
]


@pytest.mark.parametrize(("variant", "recipe", "changes", "word"), IMPOSSIBLE)
def test_what_cannot_work_is_refused_by_configure(variant: str, recipe: str, changes: dict[str, object], word: str) -> None:
    with pytest.raises(AtelierError, match=word):
        configure(variant, recipe, settings=with_changes(variant, recipe, **changes))


@pytest.mark.parametrize(("variant", "recipe", "changes", "word"), IMPOSSIBLE)
def test_what_cannot_work_is_refused_by_training_it(variant: str, recipe: str, changes: dict[str, object], word: str) -> None:
    forced = configure(variant, recipe).model_copy(update={"settings": with_changes(variant, recipe, **changes)})
    with pytest.raises(AtelierError, match=word):
        next(train(forced))


@pytest.mark.parametrize(("variant", "recipe", "changes", "word"), IMPOSSIBLE)
def test_no_run_is_made_of_what_cannot_work(variant: str, recipe: str, changes: dict[str, object], word: str) -> None:
    forced = configure(variant, recipe).model_copy(update={"settings": with_changes(variant, recipe, **changes)})
    for door in (runs.new, jobs.submit):
        with pytest.raises(AtelierError, match=word):
            door(forced)
    assert not runs.own()


def test_the_command_line_refuses_networks_that_the_recipe_cannot_train() -> None:
    done = CliRunner().invoke(cli.app, ["train", "dcgan", "--networks", "published", "--steps", "2"])
    assert isinstance(done.exception, AtelierError)
    assert "batch norm" in str(done.exception)
    done = CliRunner().invoke(cli.app, ["train", "sine-conv", "--networks", "published", "--steps", "2"])
    assert "do not match" not in done.output
    assert isinstance(done.exception, AtelierError)


def test_the_command_line_trains_the_networks_that_were_asked_for() -> None:
    done = CliRunner().invoke(cli.app, ["train", "gan", "--networks", "published", "--steps", "2", "--name", "small"])
    assert done.exit_code == 0, done.output
    run = runs.find("small")
    assert run.config.changed == ("networks",)
    assert load(run).G.layers[0].out_features == 128  # the text's; the stable one begins with 256


def test_words_from_the_command_line_give_the_same_config_as_numbers() -> None:
    words = configure("gan", steps="20000", seed="3", label_budget=None)  # type: ignore[arg-type]
    assert words == configure("gan", steps=20_000, seed=3)
    assert words.log_every == 10
    assert configure("gan", seconds="20").log_every == configure("gan", seconds=20).log_every  # type: ignore[arg-type]
    assert configure("gan", steps="7", log_every="2").log_every == 2  # type: ignore[arg-type]


def test_files_from_before_there_was_a_choice_of_networks_still_open() -> None:
    now = configure("ssgan", "published", label_budget=100)
    old = json.loads(now.model_dump_json())
    del old["networks"]
    old["labels"] = old.pop("label_budget")
    assert parse(old) == opened(json.dumps(old)) == now
    assert now.networks == "published"


def test_what_a_file_says_may_be_looked_at_even_where_it_would_be_refused_now() -> None:
    content = configure("gan-bn", "published").model_copy(
        update={"settings": with_changes("gan-bn", "published", objective=NonSaturating(r1=0.1))}
    )
    kept = opened(content.model_dump_json())
    assert kept == content
    with pytest.raises(AtelierError, match="batch norm|separately"):
        checked(kept)


def test_networks_are_chosen_apart_from_the_recipe() -> None:
    config = configure("dcgan", "published", networks="stable")
    assert config.changed == ("networks",)
    assert (config.recipe_title, config.recipe_in_full) == ("published (changed)", "published (changed: networks)")
    light, heavy = (sum(p.numel() for p in State.fresh(c).D.parameters()) for c in (config, configure("dcgan", "published")))
    assert light != heavy
    assert light == sum(p.numel() for p in State.fresh(configure("dcgan", "stable")).D.parameters())
    with pytest.raises(AtelierError, match="no networks 'wide'; choose one of published, stable"):
        configure("dcgan", networks="wide")


def test_networks_that_an_objective_cannot_train_are_refused() -> None:
    with pytest.raises(AtelierError, match="batch norm"):
        configure("dcgan", "stable", networks="published")  # R1, and batch norm in D


@pytest.mark.parametrize("kind", OBJECTIVES)
def test_every_objective_says_what_it_is(kind: str) -> None:
    objective = OBJECTIVES[kind]
    assert objective.usual().kind == kind  # type: ignore[attr-defined]
    assert objective.title
    assert bool(objective.usual().penalty) >= bool(objective.usual().penalty_strength)


def test_a_config_names_what_was_changed() -> None:
    usual = configure("gan")
    assert (usual.changed, usual.recipe_title, usual.recipe_in_full) == ((), "stable", "stable")
    few = configure("gan", settings=with_changes("gan", "stable", objective=Saturating(), d_steps=5))
    assert few.changed == ("objective", "d_steps")
    assert few.recipe_in_full == "stable (changed: objective, updates of D per step)"
    many = configure("gan", settings=with_changes("gan", "published", average=0.5))
    assert many.recipe_in_full.startswith("stable (changed: objective, optimiser of D, ")
    assert many.recipe_in_full.endswith(" more)")
    assert isinstance(many, RunConfig)


def test_every_setting_has_a_name_for_people() -> None:
    assert set(SETTINGS_IN_WORDS) == {"networks", *Recipe.model_fields}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"steps": 0}, "steps = 0 does not fit: choose 1 or more."),
        ({"steps": 10**9}, "steps = 1000000000 does not fit: choose 10,000,000 or less."),
        ({"steps": "many"}, "steps = 'many' does not fit: choose a whole number."),
        ({"steps": 2.5}, "steps = 2.5 does not fit: choose a whole number."),
        ({"seed": -1}, "seed = -1 does not fit: choose 0 or more."),
        ({"seed": 2**32}, "seed = 4294967296 does not fit: choose a number less than 4,294,967,296."),
        ({"seconds": 0}, "seconds = 0 does not fit: choose a number greater than 0."),
        ({"seconds": math.inf}, "seconds = inf does not fit: choose a finite number."),
        ({"seconds": "soon"}, "seconds = 'soon' does not fit: choose a number."),
        ({"device": "tpu"}, "device = 'tpu' does not fit: choose one of 'cpu', 'cuda', 'mps'."),
    ],
)
def test_a_value_that_does_not_fit_is_one_sentence(values: dict[str, object], sentence: str) -> None:
    with pytest.raises(AtelierError) as refused:
        configure("gan", **values)  # type: ignore[arg-type]
    assert str(refused.value) == sentence


class Louder(gettext.NullTranslations):
    """A language of capitals: what is filled into a text stays as it is."""

    def gettext(self, message: str) -> str:
        return "".join(part if part.startswith("{") else part.upper() for part in re.split(r"(\{\w*\})", message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def test_refusals_and_titles_speak_the_visitors_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "_catalogue", lambda _: Louder())
    for variant, recipe, changes, _ in IMPOSSIBLE:
        with pytest.raises(AtelierError) as refused:
            configure(variant, recipe, settings=with_changes(variant, recipe, **changes))
        assert "DOES NOT" in str(refused.value) or str(refused.value).isupper() or "CANNOT" in str(refused.value), refused.value
    for wrong in ({"variant": "vae"}, {"recipe": "secret"}, {"networks": "wide"}, {"data": "sine-fixed"}, {"seed": -1}):
        with pytest.raises(AtelierError, match="CHOOSE"):
            configure(**{"variant": "gan", **wrong})  # type: ignore[arg-type]
    many = configure("gan", settings=with_changes("gan", "published", average=0.5))
    assert many.recipe_title == "stable (CHANGED)"
    assert re.fullmatch(r"stable \(CHANGED: OBJECTIVE, OPTIMISER OF D, \d+ MORE\)", many.recipe_in_full)
    assert "BATCH SIZE: 8 INSTEAD OF 64" in configure("gan", settings=with_changes("gan", "stable", batch=8)).changes
    assert "{" not in "".join([many.recipe_in_full, *many.changes])
