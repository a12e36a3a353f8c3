"""The state machine of health, on looks made by hand; what it says, and in which colour."""

from __future__ import annotations

from gan_core import configure
from gan_core.gans.config import RunConfig
from gan_core.health import reading as how
from gan_core.health import sentences
from gan_core.health.reading import Health
from gan_core.runs import Status
from tests.health.made_up import DIGITS, DONE, GAME, GRID, RUNNING, SINES, TROUBLES, kept, lines, looked, said, verdict


def test_nothing_yet_is_young():
    reading = how.read(configure("gan"), [], [], [], Status(state="queued"))
    assert (verdict(reading), reading.state) == (("grey", "young"), "young")
    assert reading.sentence == "It has not begun."
    assert not reading.remedies
    assert not reading.chips


def test_a_young_run_says_what_is_known_and_is_no_trouble_whatever_its_samples_are_like():
    for status in (RUNNING, DONE):
        assert verdict(said(steps=990, status=status, kid1k=3000.0, spread=0.1, digits_covered=1.0)) == ("grey", "young")
        assert verdict(looked(steps=990, status=status, legible=0, variety=0.1)) == ("grey", "young")
    assert looked(steps=990, legible=0).sentence == "Step 990 of 20,000: no digit can be read yet."
    assert looked(steps=990, legible=20).sentence == "Step 990 of 20,000: 20 of 64 digits can be read already."
    assert looked(configure("gan", seconds=20), steps=990, legible=20).sentence == "Step 990: 20 of 64 digits can be read already."
    ended = looked(steps=990, status=DONE, legible=20)
    assert ended.sentence == "Ended at step 990: 20 of 64 digits can be read already."
    assert ended.remedies[0].apply(configure("gan")).steps == 2 * configure("gan").steps
    assert not looked(steps=990, legible=20).remedies


def test_youth_ends_with_digits_that_can_be_read_however_few_its_steps():
    assert looked(steps=100, legible=33).state == "learning"
    assert looked(steps=100, legible=31).state == "young"
    assert looked(steps=100, legible=50).state == "learned"
    assert verdict(looked(steps=100, legible=33)) == ("green", "learning")


def test_one_look_is_not_enough():
    looks = kept(400, GRID, {"legible": 0}, legible=0)
    assert how.read(configure("gan"), lines(400, GAME), [], [*looks[:-1], looks[-1] | {"legible": 50}], RUNNING).state == "young"
    assert how.read(configure("gan"), lines(400, GAME), [], [*looks[:-2], looks[-1] | {"legible": 50}], DONE).state == "learning", (
        "unless no second one will come"
    )
    alone = kept(4000, GRID)
    alone[-1] |= {"variety": 0.1}
    assert how.read(configure("gan"), lines(4000, GAME), [], alone, RUNNING).level == "green"


def machine(*legible: int, config: RunConfig | None = None) -> list[Health]:
    """What is said at each of these looks, 100 steps after each other from step 1,000 on, of 64 samples of which so many can be read."""
    looks = [GRID | {"step": 1000 + 100 * i, "seconds": i, "legible": m} for i, m in enumerate(legible)]
    return [how.read(config or configure("gan"), lines(look["step"], GAME), [], looks[: i + 1], RUNNING) for i, look in enumerate(looks)]


def test_it_has_learned_until_what_is_wrong_is_twice_what_it_may_be():
    readings = machine(33, 33, 45, 44, 45, 45, 40, 30, 30, 27, 20, 20, 20, 20)
    assert [reading.state for reading in readings] == ["young", *["learning"] * 4, *["learned"] * 6, *["learning"] * 2, "trouble"]
    assert readings[-1].sentence == "The samples were better at step 1,200."


def test_trouble_is_left_after_three_looks():
    steps = [*range(1000, 4000, 100)]
    looks = [GRID | {"step": step, "seconds": step, "variety": 0.2 if step <= 2400 else 0.9} for step in steps]
    levels = [how.read(configure("gan"), lines(s, GAME), [], looks[: i + 1], RUNNING).level for i, s in enumerate(steps)]
    assert levels[steps.index(2000)] == "green", "one look of bad news"
    assert levels[steps.index(2100)] == "red"
    assert [level for i, level in enumerate(levels) if i == 0 or level != levels[i - 1]] == ["grey", "green", "red", "green"]


def test_what_was_seen_long_ago_says_nothing():
    """A third of a run later a probe is no longer asked; one look says how samples are, not where they are going."""
    probes = kept(1000, DIGITS, dead_share=1.0)
    for step, found in ((1500, "amber"), (3000, "green")):
        looks = kept(step, GRID)
        assert how.read(configure("gan"), lines(step, GAME), probes, looks, RUNNING).level == found


def test_a_run_that_goes_well_says_what_can_be_read():
    reading = looked()
    assert (verdict(reading), reading.state) == (("green", "learning"), "learned")
    assert reading.sentence == "50 of 64 digits can be read."
    assert "In training D gives real samples 65% on average, generated ones 33% (step 4,000)." in reading.evidence
    assert "50 of 64 digits can be read (step 4,000)." in reading.evidence
    assert looked(legible=40).sentence == "40 of 64 digits can be read."
    assert looked(legible=40, before={"legible": 10}).sentence == "40 of 64 digits can be read (10 at step 2,000)."
    assert looked(configure("cgan"), n=80, legible=76).sentence == "76 of 80 can be read as the digit asked for."


def test_chips_are_of_the_last_look_each_with_its_step():
    assert looked().chips == (
        ("legible", "78%", 50 / 64, 4000),
        ("digits", "10/10", 1.0, 4000),
        ("D", "81% real / 54% fake", None, 4000),
    )
    assert [chip.word for chip in looked(scores={}).chips] == ["legible", "digits", "variety"]
    (_, _, order) = looked(configure("wgan")).chips
    assert (order.word, order.value, order.share) == ("D", "75% in the right order", 0.75)
    curves = how.read(configure("sine-conv"), lines(4000, GAME), [], kept(4000, SINES), RUNNING).chips
    assert [(chip.word, chip.value) for chip in curves] == [("off the sine", "14%"), ("phases", "7/8")]
    assert [chip.word for chip in said().chips] == ["digits", "D", "variety"]


def test_evidence_has_its_steps_and_says_nothing_twice():
    for trouble in TROUBLES:
        reading = said(**trouble)
        assert len(set(reading.evidence)) == len(reading.evidence)
    looks = kept(4000, GRID)[:-1]
    evidence = how.read(configure("gan"), lines(4000, GAME), kept(4000, DIGITS)[:-1], looks, RUNNING).evidence
    assert "50 of 64 digits can be read (step 3,600)." in evidence
    assert any(line.startswith("Distance to real digits") and line.endswith("4 (step 3,600).") for line in evidence)


CONTRADICTIONS = {
    "green": ("bad", "collapse", "wrong", "trouble", "stands still"),
    "amber": ("stands still", "diverged", "Mode collapse"),
    "red": ("good", "learned", "still get better", "in balance"),
}


def can_be_said() -> list[tuple[str, str]]:
    """(level, sentence) of all that can be found, with numbers as long as they become."""
    trouble = [(level, text.format(best="9,999,999")) for (level, _, _), text in sentences.TROUBLE.items()]
    calm = []
    for steps in (990, 19_990):
        for config, line in (
            *((configure("gan"), GRID | {"legible": m}) for m in (0, 1, 20, 40, 64)),
            *((configure("cgan"), GRID | {"n": 80, "legible": m}) for m in (0, 1, 30, 50, 80)),
            *((configure("sine-conv"), SINES | {"rmse": error}) for error in (0.0, 0.1, 0.15, 9.0)),
            *((configure("gan"), DIGITS | {"kid1k": kid}) for kid in (0.1, 3.0, 8.0, 12.0)),
            (configure("gan", data="fashion-mnist"), {"n": 64, "ink": 0.999, "variety": 1.234, "scores": {}}),
            (configure("gan"), {}),
        ):
            for status in (RUNNING, DONE):
                worse = {name: value for name, value in (("legible", 0), ("kid1k", 99.0), ("rmse", 99.0)) if name in line}
                for before in ({}, worse):
                    lines_ = kept(steps, line, before) if line else []
                    both = ([], lines_) if "n" in line else (lines_, [])
                    found = how.read(config, lines(steps, GAME), *both, status)
                    calm.append((found.level, found.sentence))
    return trouble + calm


def test_no_sentence_contradicts_its_colour_and_each_fits_on_its_line():
    said_ = can_be_said()
    assert {level for level, _ in said_} == {"green", "amber", "red", "grey"}
    for level, sentence in said_:
        assert len(sentence) <= 90, sentence
        assert sentence.endswith("."), sentence
        for word in CONTRADICTIONS.get(level, ()):
            assert word not in sentence, (level, sentence)


def test_every_trouble_that_a_rule_can_find_has_its_sentence():
    """Each graded kind in each of its cases."""
    for kind in ("D too strong", "G ahead"):
        assert {("red", kind, ""), *(("amber", kind, case) for case in ("good", "fair", "better", "bad", "unseen"))} <= set(
            sentences.TROUBLE
        )
    for kind in {kind for _, kind, _ in sentences.TROUBLE}:
        assert kind in sentences.WHY


def test_a_reading_is_quick():
    """Thirty people look at a run for an hour: what is compared is how the work grows, not how fast this machine is."""
    looks = [GRID | {"step": step, "seconds": step} for step in range(0, 24_000, 80)]
    records = lines(24_000, GAME)
    calls = 0

    class Counting(dict):
        def get(self, *args):
            nonlocal calls
            calls += 1
            return super().get(*args)

    how.read(configure("gan"), [Counting(r) for r in records], [], looks, RUNNING)
    assert calls <= 12 * len(records), "each record is looked at a fixed number of times, however many looks there are"
