"""The pace of a training: slow, held, one single step after another; and D or G moved alone, for every variant by every recipe."""

import json
import time
from collections.abc import Iterator

import pytest
import torch

from gan_core.gans.config import RunConfig
from gan_core.storage import tensors
from gan_core.training import clock
from gan_core.training.events import Checkpoint, Event, Finished, Grid, Progress
from gan_core.training.loop import train
from gan_core.training.state import State, checkpoint
from gan_core.training.step import fetch, train_step
from gan_core.training.tempo import Asked, Tempo
from tests.configs import each_recipe, small


def kept(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def same(before: dict[str, torch.Tensor], network: torch.nn.Module) -> bool:
    return all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def updates_of(state: State) -> list[str]:
    """Grows by the name of a network at each update of it."""
    updates: list[str] = []
    state.g_optimizer.register_step_post_hook(lambda *_: updates.append("G"))
    state.d_optimizer.register_step_post_hook(lambda *_: updates.append("D"))
    return updates


@each_recipe
def test_a_single_step_makes_the_updates_of_one_network_and_leaves_the_other_as_it_is(variant, recipe):
    state = State.fresh(small(variant, recipe))
    settings, updates = state.config.settings, updates_of(state)
    plain = State.fresh(state.config)
    for turn in ("D", "G"):
        names = set(fetch([train_step(plain)])[0])  # lazy penalties are not in each step
        G, D, average = kept(state.G), kept(state.D), None if state.average is None else kept(state.average)
        updates.clear()
        row = fetch([train_step(state, turn)])[0]
        assert same(G, state.G) == (turn == "D"), "batch norm's statistics included"
        assert same(D, state.D) == (turn == "G")
        if average is not None:
            assert same(average, state.average) == (turn == "D")
        of_D = (2 if settings.separate else 1) * settings.splits * settings.d_steps
        assert updates == [turn] * (of_D if turn == "D" else settings.splits)
        assert set(row) == names - {"G/gradient" if turn == "D" else "D/gradient"}
        assert all(torch.isfinite(torch.tensor(v)) for v in row.values())
    assert (state.step, state.single_d, state.single_g) == (2, 1, 1)
    assert state.images == settings.batch * settings.d_steps, "G alone shows D none to learn from"


def test_the_critics_updates_of_a_step_are_those_it_has_alone():
    """Bit for bit: what D's part of a step gives does not depend on whether G moves after it."""
    whole, alone = State.fresh(small("wgan-gp")), State.fresh(small("wgan-gp"))
    train_step(whole)
    train_step(alone, "D")
    assert all(torch.equal(a, b) for a, b in zip(whole.D.parameters(), alone.D.parameters(), strict=True))


def test_a_lazy_penalty_keeps_its_period():
    state = State.fresh(small("dcgan"))
    every = state.config.settings.objective.period
    assert every > 1
    assert ["D/penalty" in train_step(state, "D") for _ in range(every + 1)] == [True, *[False] * (every - 1), True]


@each_recipe
def test_a_training_goes_on_bit_for_bit_after_single_steps(variant, recipe, tmp_path):
    """Also where one network has not moved at all yet, and its optimiser knows nothing."""
    for turns in (("D", "D"), ("G",), ("D", "both", "G")):
        state = State.fresh(small(variant, recipe))
        for turn in turns:
            train_step(state, turn)
        event = checkpoint(state)
        file = tmp_path / "resume.safetensors"
        file.write_bytes(tensors.encode(event.resume, progress=event.progress))
        other = State.resumed(state.config, file)
        assert (other.step, other.single_d, other.single_g) == (len(turns), turns.count("D"), turns.count("G"))
        for each in (state, other):
            train_step(each)
        assert all(torch.equal(a, b) for a, b in zip(kept(state.G).values(), kept(other.G).values(), strict=True))
        assert all(torch.equal(a, b) for a, b in zip(kept(state.D).values(), kept(other.D).values(), strict=True))


def test_a_resume_file_of_before_had_no_single_steps(tmp_path):
    state = State.fresh(small("gan"))
    train_step(state)
    event = checkpoint(state)
    progress = {name: value for name, value in json.loads(event.progress).items() if not name.startswith("single")}
    file = tmp_path / "resume.safetensors"
    file.write_bytes(tensors.encode(event.resume, progress=json.dumps(progress)))
    assert State.resumed(state.config, file).single_d == 0


# the loop


class Hand:
    """Asks as a visitor does: a pace, single steps, an end."""

    def __init__(self, rate: float | None = None, singles: tuple[str, ...] = ()) -> None:
        self.rate, self.singles, self.over = rate, singles, False

    def __call__(self) -> Asked:
        singles, self.singles = self.singles, ()
        return Asked(self.rate, singles)

    def train(self, config: RunConfig) -> Iterator[Event]:
        return train(config, asked=self, stop=lambda: self.over)


def records_of(events: list[Event]) -> list[dict[str, float]]:
    return [record for event in events if isinstance(event, Progress) for record in event.records]


def weights_of(events: list[Event]) -> dict[str, torch.Tensor]:
    return next(event for event in reversed(events) if isinstance(event, Checkpoint)).weights


@pytest.mark.parametrize("variant", ["sine-mlp", "acgan", "wgan"])
def test_slow_motion_changes_when_steps_come_and_no_bit_of_them(variant):
    config = small(variant, steps=7).model_copy(update={"log_every": 3})
    fast, slow = list(train(config)), list(Hand(29.0).train(config))
    assert all(torch.equal(value, weights_of(slow)[name]) for name, value in weights_of(fast).items())
    single = records_of(slow)
    assert [record["step"] for record in single] == [1, 2, 3, 4, 5, 6, 7], "each step by itself"
    for record, of in zip(records_of(fast), (single[:3], single[3:6]), strict=True):
        for name in ("D(x)", "G/loss"):  # D's loss may have a lazy penalty, which is averaged over the steps that have it
            assert record[name] == pytest.approx(sum(r[name] for r in of) / 3, rel=1e-4, abs=1e-6)
    rates = [event.rate for event in slow if isinstance(event, Progress)]
    assert all(rate is None or rate <= 29.0 for rate in rates)


def test_below_five_steps_a_second_each_step_has_its_pictures():
    events = list(Hand(5.0).train(small("sine-mlp", steps=4)))
    assert [event.step for event in events if isinstance(event, Grid)] == [0, 1, 2, 3, 4]
    assert [r["step"] for r in records_of(events)] == [1, 2, 3, 4]


def test_above_that_pictures_come_a_few_times_a_second():
    tempo = Tempo(lambda: Asked(20.0))
    tempo.look()
    assert [tempo.grid_due(since) for since in (0.1, 0.2, 0.3)] == [False, False, True]
    for _ in range(600):
        tempo.grid_done()
    assert [tempo.grid_due(since) for since in (0.3, 1.1)] == [False, True], "and rarer, when there are very many"


def test_full_speed_and_what_is_not_slow_keep_their_records_and_pictures():
    tempo = Tempo(lambda: Asked(200.0))
    assert tempo.look()
    assert not tempo.slow
    assert not tempo.grid_due(60.0)
    events = list(Hand(500.0).train(small("sine-mlp", steps=6).model_copy(update={"log_every": 3})))
    assert [r["step"] for r in records_of(events)] == [3, 6]


def test_a_held_training_takes_the_single_steps_it_is_asked_for_and_shows_each():
    hand, steps, turns = Hand(0.0), [], iter(("both", "D", "D", "G", "both"))
    seen: list[Event] = []
    for event in hand.train(small("gan", steps=100).model_copy(update={"log_every": 10})):
        seen.append(event)
        if isinstance(event, Progress):
            steps.append(event.step)
            assert (event.pace, event.rate) == (0.0, None)
            turn = next(turns, None)
            hand.singles, hand.over = (turn,) if turn else (), turn is None
    assert steps == [0, 1, 2, 3, 4, 5], "it waited for each"
    assert [r["step"] for r in records_of(seen)] == [1, 2, 3, 4, 5]
    assert [event.step for event in seen if isinstance(event, Grid)] == [0, 1, 2, 3, 4, 5]
    last = [event for event in seen if isinstance(event, Progress)][-1]
    assert (last.single_d, last.single_g) == (2, 1)
    records = records_of(seen)
    assert "G/gradient" not in records[1]
    assert {"D/loss", "G/loss", "D(x)", "D(G(z))"} <= records[1].keys() & records[3].keys()
    assert isinstance(seen[-1], Finished)
    assert not seen[-1].complete


def test_a_record_that_is_open_ends_where_slow_motion_begins():
    hand, events = Hand(None), []
    for event in hand.train(small("sine-mlp", steps=1_000_000).model_copy(update={"log_every": 1_000_000})):
        events.append(event)
        if isinstance(event, Progress):
            hand.rate = 0.0
            hand.singles = ("both",) if event.pace == 0 else ()
            hand.over = len(records_of(events)) == 3
    open_one, *single = [r["step"] for r in records_of(events)]
    assert open_one > 1
    assert single == [open_one + 1, open_one + 2]
    assert json.loads(next(e for e in reversed(events) if isinstance(e, Checkpoint)).progress)["open_record"] == []


def test_waiting_is_no_training_time(monkeypatch):
    """A budget of seconds is not spent by waiting: the clock stands still."""
    now = [100.0]
    monkeypatch.setattr(clock.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(clock.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    hands = clock.Clock(0, 0.0, steps=1_000, limit=None)
    now[0] += 2.0
    for _ in range(100):
        hands.wait(0.5)
        now[0] += 0.1  # what the loop looks at meanwhile
        assert hands.seconds == pytest.approx(2.0)
        with hands.probing(0):
            now[0] += 0.25
    hands.go_on()
    assert hands.seconds == pytest.approx(2.0)
    now[0] += 1.0
    hands.go_on()
    assert hands.seconds == pytest.approx(3.0)


def test_a_budget_of_seconds_is_not_spent_on_showing_slow_steps(monkeypatch):
    """Pictures that are written take longer than a small step; here they alone take time."""
    now = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    seconds = {}
    for rate in (None, 5.0):
        for event in Hand(rate).train(small("sine-mlp", steps=4)):
            now[0] += 10.0 if isinstance(event, Grid) else 0.0
            if isinstance(event, Finished | Progress):
                seconds[rate] = getattr(event, "seconds", seconds.get(rate))
    assert seconds == {None: 50.0, 5.0: 10.0}, "the first picture comes before the first step, and counts"


def test_a_pace_is_kept_on_average_and_what_was_missed_is_not_made_up_in_a_rush(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    tempo = Tempo(lambda: Asked(10.0))
    tempo.look()

    def steps(seconds: float) -> int:
        end, found = now[0] + seconds, 0
        while now[0] < end:
            found += tempo.next() is not None
            now[0] += 0.01
        return found

    assert 99 <= steps(10.0) <= 102
    now[0] += 60.0  # a grid that took a minute
    assert steps(1.0) <= 12


def test_stop_is_heard_while_it_waits():
    events = list(train(small("gan", steps=100), asked=lambda: Asked(0.0), stop=lambda: True))
    assert events[-1].message == "Stopped after 0 steps."
