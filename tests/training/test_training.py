"""Training: one real step of every variant by every recipe, the order of updates, and resuming bit for bit."""

import itertools
import json

import pytest
import torch

from gan_core import configure
from gan_core.errors import AtelierError
from gan_core.gans.objectives.base import Batch
from gan_core.gans.recipes import Adam
from gan_core.gans.variants import VARIANTS
from gan_core.networks import ema
from gan_core.storage import tensors
from gan_core.training import fixed_grid, optimizers, step
from gan_core.training.events import Checkpoint, Failed, Finished, Grid, Progress
from gan_core.training.loop import train
from gan_core.training.state import State
from gan_core.training.step import train_step
from tests.configs import each_recipe, small

COSINE = 0.95  # between a gradient in bfloat16 and in float32; published G behind a D of batch norms has 0.97, the others 0.99


def snapshot(network: torch.nn.Module) -> list[torch.Tensor]:
    return [p.detach().clone() for p in network.parameters()]


def moved(before: list[torch.Tensor], network: torch.nn.Module) -> list[bool]:
    return [not torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True)]


@each_recipe
def test_each_network_descends_its_own_terms_and_leaves_the_other_alone(variant, recipe):
    state = State.fresh(small(variant, recipe))
    objective = state.config.settings.objective
    x, y = state.data.batch(8, state.G.pixels)
    z, g = state.latents(y)
    real, fake = Batch(x, y), Batch(state.G(z, g), g)
    g_before, d_before = snapshot(state.G), snapshot(state.D)

    verdict = objective.d_terms(state.D, real, Batch(fake.x.detach(), g), 0)
    assert all(t.isfinite() and t.ndim == 0 for t in verdict.terms.values())
    optimizers.descend(state.d_optimizer, verdict.terms)
    assert optimizers.gradient(state.d_optimizer) > 0
    assert any(moved(d_before, state.D))
    assert not any(moved(g_before, state.G))

    d_before = snapshot(state.D)
    gradients = [p.grad.clone() for p in state.D.parameters() if p.grad is not None]
    terms = objective.g_terms(state.D, real, fake).terms
    assert all(t.isfinite() for t in terms.values())
    optimizers.descend(state.g_optimizer, terms)
    assert any(moved(g_before, state.G))
    assert not any(moved(d_before, state.D))
    kept = [p.grad for p in state.D.parameters() if p.grad is not None]
    assert all(torch.equal(a, b) for a, b in zip(gradients, kept, strict=True))  # no gradient of D was computed for G's sake


@each_recipe
def test_a_real_step_moves_everything_and_honours_the_update_ratio(variant, recipe):
    state = State.fresh(small(variant, recipe))
    settings = state.config.settings
    updates: list[str] = []
    state.g_optimizer.register_step_post_hook(lambda *_: updates.append("G"))
    state.d_optimizer.register_step_post_hook(lambda *_: updates.append("D"))
    g_before, d_before = snapshot(state.G), snapshot(state.D)
    row = step.fetch([train_step(state)])[0]
    of_D = ["D"] * (2 if settings.separate else 1) * settings.splits * settings.d_steps
    of_G = ["G"] * settings.splits
    assert updates == (["G", "D"] if settings.first == "G" else of_D + of_G)
    assert all(moved(g_before, state.G))
    assert any(moved(d_before, state.D))
    assert {"D(x)", "D(G(z))", "D/gradient", "G/gradient"} <= row.keys()
    assert all(torch.isfinite(torch.tensor(v)) for v in row.values())
    if settings.objective.probabilistic:
        assert 0 <= row["D(x)"] <= 1
        assert 0 <= row["D(G(z))"] <= 1
    if settings.objective.kind == "wasserstein":
        assert all(p.abs().max() <= settings.objective.clip for p in state.D.parameters())


@each_recipe
def test_resuming_equals_never_stopping_bit_for_bit(variant, recipe, tmp_path):
    config = small(variant, recipe, steps=5).model_copy(update={"log_every": 2})

    def last_checkpoint_and_records(events):
        records, checkpoint = [], None
        for event in events:
            records += event.records if isinstance(event, Progress) else []
            checkpoint = event if isinstance(event, Checkpoint) else checkpoint
        return {n: t.clone() for n, t in checkpoint.resume.items()}, json.loads(checkpoint.progress), records, checkpoint

    straight, progress, records, _ = last_checkpoint_and_records(train(config))
    _, _, first, half = last_checkpoint_and_records(train(config.model_copy(update={"steps": 3})))
    file = tmp_path / "resume.safetensors"
    file.write_bytes(tensors.encode(half.resume, progress=half.progress))
    torch.manual_seed(12345)  # what others draw in between must not matter
    resumed, progress_then, second, _ = last_checkpoint_and_records(train(config, resume=file))

    assert straight.keys() == resumed.keys()
    assert [name for name in straight if not torch.equal(straight[name], resumed[name])] == []
    assert progress["step"] == progress_then["step"] == 5
    assert progress["open_record"] == progress_then["open_record"]

    def numbers(found):
        return [{k: v for k, v in r.items() if k != "seconds"} for r in found]

    assert numbers(records) == numbers(first + second)
    assert [r["step"] for r in records] == [2, 4]


@pytest.mark.parametrize("variant", ["gan", "cgan", "sine-mlp"])
def test_the_same_seed_gives_the_same_run_and_another_seed_another(variant):
    def end(seed):
        *_, checkpoint, _finished = train(small(variant, steps=2).model_copy(update={"seed": seed}))
        return checkpoint.weights

    a, b, c = end(1), end(1), end(2)
    assert all(torch.equal(a[n], b[n]) for n in a)
    assert any(not torch.equal(a[n], c[n]) for n in a)


def gradients_and_terms(config, batch=64):
    """The gradients of D's and G's terms of the first draw with the first weights, before anything moves; and the terms."""
    state = State.fresh(config.model_copy(update={"settings": config.settings.model_copy(update={"batch": batch})}))
    torch.manual_seed(0)
    x, y = state.data.batch(batch, state.G.pixels)
    z, g = state.latents(y)
    real, objective = Batch(x, y), config.settings.objective
    with state.autocast():
        fake = Batch(state.G(z, g), g)
        of_D = objective.d_terms(state.D, real, Batch(fake.x.detach(), g), 0).terms
        of_G = objective.g_terms(state.D, real, fake).terms
    gradients = []
    for terms, network in ((of_D, state.D), (of_G, state.G)):
        found = torch.autograd.grad(sum(terms.values()), list(network.parameters()), allow_unused=True)
        gradients.append(torch.cat([g.flatten() for g in found if g is not None]))
    return gradients, {n: t.item() for n, t in (*of_D.items(), *((f"G/{n}", t) for n, t in of_G.items()))}


@each_recipe
def test_bfloat16_descends_as_float32_does_but_for_its_few_digits(variant, recipe):
    """From the same weights and draws."""
    config = small(variant, recipe)
    reference, terms = gradients_and_terms(config)
    found, lower = gradients_and_terms(config.model_copy(update={"precision": "bfloat16"}))
    for exact, near in zip(reference, found, strict=True):
        assert near.dtype == torch.float32
        assert not torch.equal(exact, near), "nothing was computed in bfloat16"
        assert torch.cosine_similarity(exact, near, dim=0) > COSINE
    assert lower == pytest.approx(terms, rel=0.02, abs=0.01)


def test_bfloat16_multiplies_by_the_weights_of_now(monkeypatch):
    """Copies of weights in bfloat16 do not outlive an update: five of the critic's in one step see five sets of weights."""
    state = State.fresh(small("wgan-gp", "published").model_copy(update={"precision": "bfloat16"}))
    seen = []
    scores = torch.ones(4, 1, 28, 28)

    def look(*_):
        with torch.no_grad(), state.autocast():
            seen.append(state.D(scores).mean().item())

    state.d_optimizer.register_step_post_hook(look)
    train_step(state)
    assert len(set(seen)) == 5


def test_sampling_while_training_changes_nothing():
    plain, watched = State.fresh(small("dcgan")), State.fresh(small("dcgan"))
    for _ in range(3):
        train_step(plain)
        fixed_grid.grid(watched)
        train_step(watched)
    assert not any(moved(snapshot(plain.G), watched.G))
    assert all(torch.equal(a, b) for a, b in zip(plain.G.buffers(), watched.G.buffers(), strict=True))


def test_text_001_cuts_each_draw_in_two_and_shows_G_the_same_latents(monkeypatch):
    state = State.fresh(small("gan", "published"))
    seen: list[torch.Tensor] = []
    state.G.register_forward_pre_hook(lambda _, args: seen.append(args[0].clone()))
    train_step(state)
    assert [len(z) for z in seen] == [4, 4, 4, 4]
    assert torch.equal(seen[0], seen[2])
    assert torch.equal(seen[1], seen[3])


def test_text_003_draws_what_D_learns_from_with_the_running_averages():
    state = State.fresh(small("gan-bn", "published"))
    modes: list[bool] = []
    state.G.register_forward_pre_hook(lambda module, _: modes.append(module.training))
    train_step(state)
    assert modes == [False, True]


def test_text_002_judges_the_samples_that_G_was_just_corrected_for():
    state = State.fresh(small("sine-mlp", "published"))
    judged: list[torch.Tensor] = []
    state.D.register_forward_pre_hook(lambda _, args: judged.append(args[0].detach().clone()))
    train_step(state)
    assert torch.equal(judged[0], judged[2])  # G's samples, then (real and) the same samples


def test_sine_mlp_stops_early_when_D_cannot_tell(monkeypatch):
    config = small("sine-mlp", "published", steps=50, stop_within=0.4)
    *_, finished = train(config)
    assert isinstance(finished, Finished)
    assert finished.complete
    assert finished.step == 1
    assert "rule of its recipe" in finished.message


def test_paired_labels_ask_G_for_the_classes_of_the_real_batch():
    state = State.fresh(small("cgan"))
    x, y = state.data.batch(8, state.G.pixels)
    assert torch.equal(state.latents(y)[1], y)
    uniform = State.fresh(small("cgan", "published"))
    assert set(torch.cat([uniform.latents(y)[1] for _ in range(50)]).tolist()) == set(range(10))


def test_the_average_follows_its_equation():
    G = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    shown = ema.clone(G)
    before = [p.clone() for p in shown.parameters()]
    with torch.no_grad():
        for p in G.parameters():
            p.add_(1.0)
        G[1].running_mean.fill_(7.0)
    ema.update(shown, G, decay=0.9, step=100_000)
    for was, new in zip(before, shown.parameters(), strict=True):
        torch.testing.assert_close(new, was + 0.1)
    torch.testing.assert_close(shown[1].running_mean, torch.full((2,), 0.7))  # batch norm's statistics go with the weights
    ema.update(shown, G, decay=0.9, step=0)  # warm-up: d = 1/10
    for was, new in zip(before, shown.parameters(), strict=True):
        torch.testing.assert_close(new, was + 1 - 0.1 * 0.9)


def test_rates_fall_along_a_line_to_the_full_trainings_end_and_stay_there():
    config = small("dcgan", steps=10, final_rate=0.2)
    state = State.fresh(config.model_copy(update={"settings": config.settings.model_copy(update={"steps": 4})}))
    rates = []
    for _ in range(6):
        train_step(state)
        rates.append([optimizer.param_groups[0]["lr"] / state.config.settings.G.lr for optimizer in (state.g_optimizer, state.d_optimizer)])
    assert rates == [pytest.approx([share, share]) for share in (1.0, 0.8, 0.6, 0.4, 0.2, 0.2)]


def test_a_lazy_penalty_is_averaged_over_the_steps_that_have_it():
    records = [r for e in train(small("dcgan", steps=8).model_copy(update={"log_every": 8})) if isinstance(e, Progress) for r in e.records]
    (record,) = records
    assert record["step"] == 8
    assert record["D/penalty"] > 0
    assert record["D/loss"] == pytest.approx(record["D/real"] + record["D/fake"] + record["D/penalty"], rel=1e-4)


def test_events_come_in_order_and_grids_have_the_promised_shape():
    events = list(train(small("cgan", steps=3)))
    assert isinstance(events[0], Grid)
    assert events[0].step == 0
    assert events[0].array.shape == (80, 28, 28)
    assert events[0].array.dtype == "uint8"
    assert [type(e) for e in events[-2:]] == [Checkpoint, Finished]
    assert events[-1].complete
    assert [r["step"] for e in events if isinstance(e, Progress) for r in e.records] == [1, 2, 3]
    (curves, *_) = train(small("sine-conv", steps=1))
    assert curves.array.shape == (16, 50)


def test_stop_is_heard_and_keeps_a_checkpoint():
    asked = itertools.count()
    *_, checkpoint, finished = train(small("gan", steps=100_000), stop=lambda: next(asked) >= 1)
    assert isinstance(checkpoint, Checkpoint)
    assert isinstance(finished, Finished)
    assert not finished.complete
    assert 0 < finished.step < 100_000


def test_a_budget_in_seconds_ends_the_training():
    config = configure("gan", seconds=0.3)
    *_, finished = train(config)
    assert finished.complete
    assert finished.step > 1


def test_a_diverged_training_fails_with_a_sentence():
    wild = Adam(lr=1e30)
    *_, failed = train(small("gan", steps=200, D=wild, G=wild))
    assert isinstance(failed, Failed)
    assert "no longer a finite number" in failed.message


def test_a_missing_device_is_named_before_anything_starts():
    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(AtelierError, match="no cuda device"):
        next(train(small("gan").model_copy(update={"device": "cuda"})))


@pytest.mark.parametrize(("variant", "steps"), [("sine-mlp", 600), ("gan", 250), ("cgan", 150)])
def test_stable_recipes_learn(variant, steps):
    """After a few seconds, samples are far nearer to real data than at the start (mean distance to the nearest real one)."""
    config = configure(variant, "stable", steps=steps)

    def distance(state: State) -> float:
        z, y = fixed_grid.fixed_latents(config)
        with torch.no_grad():
            fake = state.ema_or_G.eval()(z, y).flatten(1)
        real = state.data.batch(2000, state.G.pixels)[0].flatten(1)
        return torch.cdist(fake, real).min(1).values.mean().item()

    state = State.fresh(config)
    at_start = distance(state)
    for _ in range(steps):
        train_step(state)
    assert distance(state) < 0.6 * at_start


def test_the_scores_of_every_objective_separate_real_from_fake_after_training_D():
    """A D trained alone for a moment scores real above generated, whatever the objective: the sign of the score is right."""
    for name, variant in VARIANTS.items():
        for recipe in variant.recipes:
            state = State.fresh(small(name, recipe, batch=16))
            objective = state.config.settings.objective
            x, y = state.data.batch(16, state.G.pixels)
            z, g = state.latents(y)
            with torch.no_grad():
                fake = state.G(z, g)
            optimizer = torch.optim.Adam(state.D.parameters(), lr=1e-3)
            for _ in range(30):
                optimizers.descend(optimizer, objective.d_terms(state.D, Batch(x, y), Batch(fake, g), 1).terms)
            on_real = objective.scores(state.D(x, y), y)
            on_fake = objective.scores(state.D(fake, g), g)
            assert on_real.mean() > on_fake.mean(), (name, recipe)
