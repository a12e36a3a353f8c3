"""What health offers to try, and runs really made to fail."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import recordings
from gan_core import configure
from gan_core.data import image_arrays, loading
from gan_core.gans import objectives
from gan_core.gans.config import MAX_STEPS, RunConfig, parse
from gan_core.gans.recipes import Adam
from gan_core.health import reading as how
from gan_core.health.demonstrations import SMALL
from gan_core.health.reading import Health
from gan_core.training import probe
from tests.configs import RECIPES, each_recipe, small
from tests.health.made_up import DONE, TROUBLES, said, verdict


@each_recipe
def test_every_remedy_gives_a_valid_new_config(variant, recipe):
    config = configure(variant, recipe, seed=3, steps=50_000)
    for trouble in TROUBLES:
        reading = said(config, **trouble)
        results = [remedy.apply(config) for remedy in reading.remedies]
        for remedy, result in zip(reading.remedies, results, strict=True):
            assert result != config, remedy.title
            assert parse(result.model_dump()) == result
            assert (result.variant, result.data, result.device) == (config.variant, config.data, config.device)
            assert remedy.title
            assert remedy.why.endswith(".")
        assert all(a != b for i, a in enumerate(results) for b in results[:i])


def test_published_runs_in_trouble_are_offered_the_stable_recipe():
    for variant, recipe in RECIPES:
        if recipe == "published":
            config = configure(variant, recipe, steps=50_000)
            results = [r.apply(config) for r in said(config, kid1k=30.0).remedies]
            assert any(result.recipe == "stable" and result.settings == config.about.recipes["stable"] for result in results), variant


def test_remedies_change_what_they_say():
    free = configure("gan", settings=configure("gan").settings.model_copy(update={"objective": objectives.Saturating(), "d_steps": 5}))
    reading = said(free, game={"D(x)": 0.99, "D(G(z))": 0.01}, kid1k=50.0)
    results = {remedy.title: remedy.apply(free).settings for remedy in reading.remedies}
    assert results["The non-saturating loss of G"].objective == objectives.NonSaturating()
    assert results["One update of D a step"].d_steps == 1
    assert results["A penalty on D's slope (R1)"].objective == objectives.NonSaturating(r1=0.1, every=4)
    assert results["A quarter of D's learning rate"].D.lr == pytest.approx(free.settings.D.lr / 4)


def test_training_longer_goes_no_further_than_there_are_steps():
    config = configure("gan", seconds=5)
    longer = said(config, steps=100, status=DONE, kid1k=50.0).remedies[0].apply(config)
    assert (longer.steps, longer.seconds) == (MAX_STEPS, 10)


# runs really made to fail


def trained(config: RunConfig) -> Health:
    """What is said of a run at its end."""
    run = recordings.trained(config)
    return how.read(config, run.records, run.probes, run.looks, run.status)


def test_a_rate_a_thousand_times_too_high_diverges():
    fast = Adam(lr=1.0, beta1=0.0, beta2=0.99)
    assert verdict(trained(small("gan", steps=120, D=fast, G=fast))) == ("red", "diverged")


def test_a_saturating_loss_against_five_updates_of_d_leaves_d_too_strong():
    config = small("gan", steps=250, objective=objectives.Saturating(), d_steps=5, batch=64)
    reading = trained(config.model_copy(update={"networks": SMALL}))
    assert verdict(reading) == ("red", "D too strong")
    assert any(line.startswith("The norm of G's gradient is ") for line in reading.evidence)


def test_a_critic_clipped_to_nothing_stalls():
    reading = trained(small("wgan", steps=110, objective=objectives.Wasserstein(clip=1e-5)))
    assert verdict(reading) == ("red", "stalled")
    titles = [remedy.title for remedy in reading.remedies]
    assert titles[0] == "Clip at 0.01"
    assert not any("penalty" in title for title in titles)  # this critic has batch norm


def test_a_critic_without_batch_norm_may_have_a_penalty_instead_of_the_clip():
    tight = configure("wgan", "published").model_copy(update={"steps": 100})
    settings = tight.settings.model_copy(update={"objective": objectives.Wasserstein(clip=1e-5)})
    reading = said(tight.model_copy(update={"settings": settings}), steps=100, game={"G/gradient": 1e-9})
    assert [remedy.title for remedy in reading.remedies][:2] == ["Clip at 0.01", "A gradient penalty instead of clipping"]


def test_without_a_penalty_all_sines_become_one():
    config = small("sine-conv", steps=400, objective=objectives.NonSaturating(), batch=64)
    recipe = config.settings.model_copy(update={"steps": 3000})
    # of three seeds the one whose phases agree soonest and longest (0.93 to 0.98 from step 200 on), on one thread and on two
    assert verdict(trained(config.model_copy(update={"seed": 2, "settings": recipe}))) == ("red", "collapse")


def test_a_healthy_run_is_grey_and_then_green():
    assert verdict(trained(configure("sine-mlp", steps=20, log_every=1))) == ("grey", "young")
    assert verdict(trained(configure("sine-mlp", steps=500, log_every=1))) == ("green", "learning")


def test_a_d_with_sixty_images_knows_them_by_heart(monkeypatch):
    pixels, labels = image_arrays("digits-5k")
    order = np.random.default_rng(0).permutation(len(pixels))
    parts = {True: order[:60], False: order[4000:]}
    for module in (loading, probe):
        monkeypatch.setattr(module, "image_arrays", lambda name, train=True: (pixels[parts[train]], labels[parts[train]]))
    config = configure("gan", data="mnist", steps=1200)
    recipe = config.settings.model_copy(update={"steps": 4000})
    reading = trained(config.model_copy(update={"networks": SMALL, "settings": recipe}))
    assert reading.kind == "overfitting D"
    assert reading.level in {"amber", "red"}
