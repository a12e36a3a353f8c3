"""A budget of labels: which images it tells, that D learns no other names, that resuming holds, and who may have one."""

from __future__ import annotations

import json

import pytest
import torch
from typer.testing import CliRunner

from gan_core import cli, data, runs
from gan_core.data import ImageData
from gan_core.errors import AtelierError
from gan_core.gans import compatibility, config
from gan_core.gans.config import RunConfig, configure
from gan_core.gans.objectives import ClippedSSGAN, FeatureMatchingSSGAN, NonSaturatingSSGAN
from gan_core.gans.objectives.base import Batch
from gan_core.runs import folders
from gan_core.storage import tensors
from gan_core.training.events import Checkpoint, Progress
from gan_core.training.loop import train
from gan_core.training.state import State
from gan_core.training.step import fetch, train_step
from tests.configs import small

OF_SSGAN = ("non-saturating-ssgan", "feature-matching-ssgan")


def few(labels: int | None = 20, seed: int = 0, recipe: str = "stable", objective: str | None = None, steps: int = 4) -> RunConfig:
    usual = small("ssgan", recipe, steps=steps)
    settings = compatibility.with_objective(usual.settings, objective) if objective else usual.settings
    return config.parse(usual.model_dump() | {"label_budget": labels, "seed": seed, "settings": settings.model_dump()})


def told(labels: int, seed: int = 0) -> torch.Tensor:
    state = State.fresh(few(labels, seed))
    assert isinstance(state.data, ImageData)
    return state.data.labelled_rows


def test_the_budget_is_balanced_drawn_by_the_seed_and_grows_around_itself() -> None:
    _, labels = data.image_arrays("digits-5k")
    rows = told(50)
    assert len(set(rows.tolist())) == 50
    assert torch.bincount(torch.from_numpy(labels)[rows].long()).tolist() == [5] * 10
    assert torch.equal(rows, told(50))
    assert not torch.equal(rows, told(50, seed=1))
    assert set(told(20).tolist()) < set(rows.tolist()) < set(told(1000).tolist())


def test_a_labelled_batch_holds_only_told_images_with_their_classes() -> None:
    state = State.fresh(few(20))
    assert isinstance(state.data, ImageData)
    x, y = state.data.labelled_batch(200, (0.0, 255.0))
    known = {state.data.pixels[i].numpy().tobytes(): int(state.data.labels[i]) for i in state.data.labelled_rows.tolist()}
    seen = [known.get(image.to(torch.uint8).numpy().tobytes()) for image in x[:, 0]]
    assert seen == y.tolist()
    assert len(set(y.tolist())) == 10


def test_d_is_shown_no_class_outside_the_budget() -> None:
    real, _ = State.fresh(few(20)).real()
    assert real.y is None
    assert real.labelled is not None
    real, y = State.fresh(few(None)).real()
    assert real.labelled is None
    assert torch.equal(real.y, y)


@pytest.mark.parametrize("recipe", ["stable", "published"])
def test_what_is_not_told_has_no_influence(recipe: str) -> None:
    """The labels of all images outside the budget are replaced by nonsense: the training is the same bit for bit."""
    weights = []
    for nonsense in (False, True):
        state = State.fresh(few(20, recipe=recipe))
        assert isinstance(state.data, ImageData)
        if nonsense:
            kept = torch.zeros(len(state.data), dtype=torch.bool)
            kept[state.data.labelled_rows] = True
            state.data.labels[~kept] = (state.data.labels[~kept] + 3) % 10
        for _ in range(3):
            train_step(state)
        weights.append([p.detach().clone() for p in (*state.D.parameters(), *state.G.parameters())])
    assert all(torch.equal(a, b) for a, b in zip(*weights, strict=True))


def test_without_a_budget_a_step_is_what_it_was() -> None:
    """A pinned figure: the class term of a training with all labels, from before there was a budget."""
    state = State.fresh(small("ssgan"))
    row = fetch([train_step(state)])[0]
    assert row["D/class"] == pytest.approx(PINNED, rel=1e-4)


PINNED = 2.3022165


@pytest.mark.parametrize(("recipe", "objective"), [("stable", None), ("published", None), ("stable", "feature-matching-ssgan")])
def test_resuming_under_a_budget_equals_never_stopping_bit_for_bit(recipe: str, objective: str | None, tmp_path) -> None:  # type: ignore[no-untyped-def]
    whole = few(20, recipe=recipe, objective=objective, steps=5)

    def run(config: RunConfig, resume=None):  # type: ignore[no-untyped-def]
        events = list(train(config, resume=resume))
        records = [r for e in events if isinstance(e, Progress) for r in e.records]
        return [e for e in events if isinstance(e, Checkpoint)][-1], records

    straight, _ = run(whole)
    half, _ = run(whole.model_copy(update={"steps": 3}))
    file = tmp_path / "resume.safetensors"
    file.write_bytes(tensors.encode(half.resume, progress=half.progress))
    resumed, records = run(whole, file)
    assert [name for name in straight.resume if not torch.equal(straight.resume[name], resumed.resume[name])] == []
    assert [r["step"] for r in records] == [4, 5]


class Known(torch.nn.Module):
    """A D of eleven answers whose features are its input."""

    def __init__(self) -> None:
        super().__init__()
        self.w = torch.nn.Parameter(torch.randn(4, 11, dtype=torch.float64, generator=torch.Generator().manual_seed(1)))

    def features(self, x: torch.Tensor) -> torch.Tensor:
        return x

    def forward(self, x: torch.Tensor, y: torch.Tensor | None = None) -> torch.Tensor:
        return x @ self.w


@pytest.mark.parametrize("objective", [ClippedSSGAN(), NonSaturatingSSGAN(), FeatureMatchingSSGAN()])
def test_the_class_term_is_of_the_labelled_samples_alone(objective) -> None:  # type: ignore[no-untyped-def]
    x, fake, labelled = torch.randn(3, 5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    y, D = torch.tensor([0, 3, 9, 3, 1]), Known()
    terms = objective.d_terms(D, Batch(x, None, Batch(labelled, y)), Batch(fake, None), 1).terms
    answers = 11 if isinstance(objective, ClippedSSGAN) else 10
    logits = D(labelled)[:, :answers]
    by_hand = -(logits[torch.arange(5), y] - logits.exp().sum(1).log())
    limit = -torch.log(torch.tensor(1e-3, dtype=torch.float64)) if answers == 11 else torch.tensor(torch.inf)
    assert terms["class"].item() == pytest.approx(by_hand.clamp(max=limit).mean().item())
    without = objective.d_terms(D, Batch(x, y), Batch(fake, None), 1).terms
    assert without["real"].item() == terms["real"].item()
    assert without["fake"].item() == terms["fake"].item()
    assert without["class"].item() != terms["class"].item()


def test_feature_matching_is_the_square_of_the_distance_of_means() -> None:
    x, fake = torch.randn(2, 5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    fake.requires_grad_()
    verdict = FeatureMatchingSSGAN().g_terms(Known(), Batch(x, None), Batch(fake, None))
    gap = [sum(fake[:, j].tolist()) / 5 - sum(x[:, j].tolist()) / 5 for j in range(4)]
    assert verdict.terms["features"].item() == pytest.approx(sum(v * v for v in gap) / 4)
    (slope,) = torch.autograd.grad(verdict.terms["features"], fake)
    assert slope[0].tolist() == pytest.approx([2 * v / 4 / 5 for v in gap])


@pytest.mark.parametrize("labels", [15, 5, 5010, 10**9])
def test_a_budget_that_does_not_fit_is_refused(labels: int) -> None:
    with pytest.raises(AtelierError, match=f"labels = {labels} does not fit.*multiple of 10 up to 5,000"):
        configure("ssgan", label_budget=labels)


@pytest.mark.parametrize("labels", [0, -10, "many", 20.5])
def test_what_is_no_number_of_images_is_refused(labels: object) -> None:
    with pytest.raises(AtelierError, match="labels = "):
        configure("ssgan", label_budget=labels)  # type: ignore[arg-type]


@pytest.mark.parametrize("variant", ["gan", "dcgan", "cgan", "r3gan", "wgan", "sine-mlp"])
def test_who_has_no_use_for_a_budget_is_refused_one(variant: str) -> None:
    with pytest.raises(AtelierError, match="only works with a semi-supervised discriminator, as in SSGAN"):
        configure(variant, label_budget=100)
    forced = configure(variant).model_copy(update={"label_budget": 100})
    with pytest.raises(AtelierError, match="only works with a semi-supervised discriminator"):
        next(train(forced))


def test_the_sizes_of_the_data_sets_are_right(mnist: None) -> None:
    for name in ("digits-5k", "mnist"):
        labels = data.image_arrays(name)[1]
        assert data.DATA_SETS[name].smallest_class == torch.bincount(torch.from_numpy(labels).long()).min()


def test_the_command_line_takes_a_budget() -> None:
    done = CliRunner().invoke(cli.app, ["train", "ssgan", "--labels", "20", "--steps", "2", "--name", "few"])
    assert done.exit_code == 0, done.output
    kept = json.loads(runs.find("few").config_path.read_text())
    assert kept["label_budget"] == 20
    refused = CliRunner().invoke(cli.app, ["train", "gan", "--labels", "20", "--steps", "2"])
    assert isinstance(refused.exception, AtelierError)


def test_the_page_of_results_holds_those_that_ship() -> None:
    page = (folders.SHIPPED.parent / "docs" / "results.md").read_text()
    for r in json.loads((folders.SHIPPED / "few-labels.json").read_text()):
        number = "all 60,000" if r["labels"] is None else f"{r['labels']:,}"
        assert f"| {number} | {r['error']:.2%} | {r['alone']:.2%} |" in page
