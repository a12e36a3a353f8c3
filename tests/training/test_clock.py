"""When a training looks at itself: its clock, on a time that runs as fast as the test likes."""

import math
from itertools import pairwise

import pytest

from gan_core.training import clock
from gan_core.training.clock import Clock


class Time:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def perf_counter(self) -> float:
        return self.now


class Watched:
    """A training of so many steps a second, whose grids and probes cost what they cost."""

    def __init__(self, monkeypatch, rate: float, *, seconds: float | None = None, steps: int = 10**9, probe: float = 0.25) -> None:
        self.time = Time()
        monkeypatch.setattr(clock, "time", self.time)
        self.clock = Clock(0, 0.0, steps=steps, limit=seconds)
        self.grids: list[float] = []
        self.probes: list[float] = []
        self.wall: list[float] = []
        step = 0
        while step < steps and (seconds is None or self.clock.seconds < seconds):
            if self.clock.grid_due(step):
                self.grids.append(self.clock.seconds)
                self.wall.append(self.time.now)
                self.clock.grid_done(step)
                with self.clock.aside():
                    self.time.now += 0.02
                if self.clock.probe_due(step):
                    self.probes.append(self.clock.seconds)
                    with self.clock.probing(step):
                        self.time.now += probe
            if self.clock.numbers_due(1):
                self.clock.numbers_done(step)
            self.time.now += 1 / rate
            step += 1
        self.seconds = self.clock.seconds


@pytest.mark.parametrize("rate", [3.0, 40.0, 5_000.0])
def test_a_grid_comes_every_half_second_in_the_first_half_minute(monkeypatch, rate):
    seen = Watched(monkeypatch, rate, seconds=60.0)
    early = [b - a for a, b in pairwise(seen.grids) if b <= clock.GRID_EARLY]
    assert max(early) <= 0.5 + 2 / rate
    assert max(b - a for a, b in pairwise(seen.grids)) <= 0.03 * 60 + 2 / rate
    assert len(seen.grids) < 120


def test_an_hour_keeps_fewer_than_300_grids(monkeypatch):
    assert 200 < len(Watched(monkeypatch, 100.0, seconds=3600.0).grids) < 300


@pytest.mark.parametrize("limit", [{"seconds": 20.0}, {"steps": 800}, {"seconds": 20.0, "steps": 5_000}])
def test_a_short_training_is_probed_from_its_beginning_to_its_end(monkeypatch, limit):
    """20 seconds, said in seconds or as 800 steps of which 40 are done in one."""
    probes = Watched(monkeypatch, 40.0, **limit).probes
    assert 4 <= len(probes) <= 5  # and one at the end
    assert 1.0 <= probes[0] <= 2.0
    assert 11.0 <= probes[-1] <= 18.0
    assert max(b - a for a, b in pairwise([0.0, *probes, 20.0])) <= 7.0


def test_probes_of_a_long_training_come_more_and_more_rarely_and_take_a_twentieth_of_it_at_most(monkeypatch):
    probes = Watched(monkeypatch, 40.0, seconds=600.0).probes
    assert 20 <= len(probes) <= 30
    assert 0.25 * len(probes) <= clock.PROBE_SHARE * 600
    assert sum(at <= 15 for at in probes) <= 4
    gaps = [b - a for a, b in pairwise([*probes, 600.0])]
    assert gaps[0] < 4 < 30 < gaps[-1] < 70
    ages = [(b - a) / b for a, b in pairwise([*probes, 600.0]) if b > 30]
    assert max(ages) < 0.36  # of the training so far, when the next one comes


def test_dear_probes_are_few(monkeypatch):
    assert len(Watched(monkeypatch, 40.0, seconds=60.0, probe=3.0).probes) == clock.PROBES - 1  # the last is at the end
    assert len(Watched(monkeypatch, 40.0, seconds=600.0, probe=3.0).probes) <= clock.PROBE_SHARE * 600 / 3


def test_a_training_of_unknown_length_is_probed_too():
    assert clock.next_probe(0.0, math.inf, 0.0) == clock.PROBE_FROM
    assert clock.next_probe(100.0, math.inf, 0.3) == pytest.approx(121.0)


def test_looks_and_probes_do_not_shorten_a_training(monkeypatch):
    seen = Watched(monkeypatch, 40.0, seconds=20.0)
    assert seen.seconds == pytest.approx(20.0, abs=0.05)
    spent = 0.02 * len(seen.grids) + 0.25 * len(seen.probes)
    assert seen.time.now - 1000.0 == pytest.approx(20.0 + spent, abs=0.05)


def test_a_resumed_training_is_probed_no_more_often_than_one_that_never_stopped(monkeypatch):
    """It was probed when it stopped; after an hour the next probe is two minutes away."""
    time = Time()
    monkeypatch.setattr(clock, "time", time)
    resumed = Clock(100_000, 3600.0, steps=200_000, limit=7200.0)
    assert not resumed.probe_due(100_000)
    time.now += 60
    assert not resumed.probe_due(101_000)
    time.now += 120
    assert resumed.probe_due(102_000)
    with resumed.probing(102_000):
        time.now += 0.3
    assert not resumed.probe_due(102_001)
