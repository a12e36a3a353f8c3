"""The contestants of benchmarks/speed play the same game: same sizes, same losses, same number of updates. No timings."""

import sys

import numpy as np
import pytest
import torch

from benchmarks.speed import VARIANTS, plain
from benchmarks.speed.sides import Side, sides
from benchmarks.speed.table import best, table
from benchmarks.speed.worker import flop, product, timed
from gan_core import configure
from gan_core.errors import AtelierError
from gan_core.gans.objectives.base import Batch
from gan_core.networks import count
from gan_core.networks.fast.dropout import Dropout
from gan_core.training.state import State


def copied(theirs: torch.nn.Module, ours: torch.nn.Module) -> torch.nn.Module:
    """Ours' weights in their network, layer by layer: both list them in the same order."""
    theirs.load_state_dict(dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True)))
    return theirs


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_plain_game_is_ours(variant):
    state = State.fresh(configure(variant, "published"))
    recipe, game = state.config.settings, plain.game(variant)
    G, D = copied(game.G, state.G), copied(game.D, state.D)
    assert (count(G), count(D)) == (count(state.G), count(state.D))
    for network in (D, state.D):  # nn.Dropout and ours draw differently
        for layer in network.modules():
            if isinstance(layer, torch.nn.Dropout):
                layer.p = 0.0
    x, y = state.data.batch(32, state.G.pixels)
    z, g = state.latents(y)
    z, g = z[:32], torch.arange(32) % 10
    fake, theirs = state.G(z, g), game.generate(z, g)
    torch.testing.assert_close(theirs, fake)

    torch.manual_seed(5)  # the penalty's points
    d_terms = recipe.objective.d_terms(state.D, Batch(x, y), Batch(fake.detach(), g), 0).terms
    torch.manual_seed(5)
    torch.testing.assert_close(game.d_loss(D, x, y, fake.detach(), g), sum(d_terms.values()), atol=1e-5, rtol=1e-4)
    if recipe.separate:
        for half, term in zip(game.halves, d_terms.values(), strict=True):
            torch.testing.assert_close(half(D, x, y, fake.detach(), g), term, atol=1e-5, rtol=1e-4)
    g_terms = recipe.objective.g_terms(state.D, Batch(x, y), Batch(fake, g)).terms
    torch.testing.assert_close(game.g_loss(D, x, y, fake, g), sum(g_terms.values()), atol=1e-5, rtol=1e-4)

    schedule = (recipe.batch, recipe.splits, recipe.d_steps, recipe.separate)
    assert (game.batch, game.splits, game.d_steps, game.separate) == schedule
    assert (game.lr, game.betas, game.eps) == (recipe.G.lr, (recipe.G.beta1, recipe.G.beta2), recipe.G.eps)
    assert recipe.D == recipe.G
    assert game.averages == (recipe.fakes_for_D == "eval")


@pytest.mark.parametrize("variant", ["gan", "gan-bn"])
def test_a_plain_step_moves_both_networks(variant):
    game = plain.game(variant)
    before = [p.detach().clone() for p in (*game.G.parameters(), *game.D.parameters())]
    pixels, labels = torch.randint(256, (400, 28, 28), dtype=torch.uint8), torch.randint(10, (400,))
    plain.stepper(game, pixels, labels)()
    after = [*game.G.parameters(), *game.D.parameters()]
    assert not any(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_operations_are_counted_forward_and_backward():
    x, w = torch.randn(3, 5), torch.randn(5, 7, requires_grad=True)
    assert flop(lambda: x @ w, 2) == 2 * 3 * 5 * 7
    assert flop(lambda: (x @ w).sum().backward(), 1) == 2 * 2 * 3 * 5 * 7  # no gradient with respect to x
    assert product(64) > 0


def test_a_rate_is_steps_over_seconds_without_the_warm_ones():
    steps = []
    rate, counted = timed(lambda: steps.append(0), 0.01, 3)
    assert len(steps) == counted + 3
    assert rate <= counted / 0.01


def test_the_sides_answer_and_a_dead_one_says_why(tmp_path):
    with sides("digits-5k", 1, None) as there:
        assert set(there) == {"plain", "ours"}
        ours = there["ours"].ask(variant="gan", way="published", seconds=0.01, warm=1)
        theirs = there["plain"].ask(variant="gan", way="tutorial", seconds=0.01, warm=1)
        assert ours["parameters"] == theirs["parameters"] == [114_064, 100_609]
        assert min(ours["steps"], theirs["steps"]) > 0
        less = there["plain"].ask(variant="gan", way="own", count=1)["flop"]
        assert less < there["plain"].ask(variant="gan", way="tutorial", count=1)["flop"]
        with pytest.raises(AtelierError, match=r"plain side ended.*no plain nonsense"):
            there["plain"].ask(variant="nonsense", way="tutorial", count=1)
    with pytest.raises(AtelierError, match="keras side ended"):
        Side("keras", [sys.executable, "-c", "raise SystemExit('no tf_keras')"], 1, tmp_path / "log")


def test_the_table_has_medians_ratios_and_dashes():
    key = ("wgan-gp", "ours", "published")
    rates = {key: [20.0, 30.0, 10.0], ("wgan-gp", "plain", "tutorial"): [10.0, 10.0, 10.0], ("wgan-gp", "ours", "stable"): [40.0] * 3}
    rates["wgan-gp", "ours", "bfloat16"] = [30.0, 60.0, 20.0]
    work = dict.fromkeys([*rates, ("wgan-gp", "keras", "text"), ("wgan-gp", "keras", "fastest")], 1000000000.0)
    row = table(["wgan-gp"], rates, work, 100e9, {})[-1]
    assert row == "| `wgan-gp` | – | – | 10.0 | **20.0** | – | – | 2.00 | 1, 1 | –, 10%, 20% | 30.0 | – | 3.00 | 40.0 |"


def test_the_best_number_of_threads_counts_for_each_side_and_is_said():
    ours, theirs = ("gan", "ours", "published"), ("gan", "plain", "tutorial")
    found, chosen = best({1: {ours: [300.0, 310.0, 1.0], theirs: [90.0]}, 2: {ours: [150.0, 400.0, 160.0], theirs: [120.0]}})
    assert (found, chosen) == ({ours: [300.0, 310.0, 1.0], theirs: [120.0]}, {ours: 1, theirs: 2})


def test_cheap_dropout_drops_its_share_and_keeps_the_mean():
    layer, x = Dropout(0.4), torch.ones(1000, 999, requires_grad=True)
    y = layer(x)
    dropped = (y == 0).float().mean().item()
    assert abs(dropped - 0.4) < 4 * np.sqrt(0.4 * 0.6 / x.numel())
    torch.testing.assert_close(y[y > 0], torch.full_like(y[y > 0], 1 / 0.6))
    y.sum().backward()
    torch.testing.assert_close(x.grad, y.detach())  # the same mask on the way back
    rows, columns = (y == 0).float().mean(1), (y == 0).float().mean(0)
    assert max(rows.std(), columns.std()) < 1.2 * np.sqrt(0.4 * 0.6 / 999)  # drawn apart
    assert torch.equal(layer.eval()(x), x)
    torch.manual_seed(1)
    a = layer.train()(x)
    torch.manual_seed(1)
    assert torch.equal(layer(x), a)
