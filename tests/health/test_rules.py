"""Both sides of each threshold of health, on records made by hand."""

from __future__ import annotations

import math

import pytest

from gan_core import configure
from gan_core.health import reading as how
from gan_core.runs import Status
from tests.health.made_up import CURVES, DIGITS, DONE, GAME, GRID, RUNNING, SINES, kept, lines, looked, said, scores, verdict


def test_bad_samples_that_get_better_are_green():
    assert verdict(said(kid1k=15.0, before={"kid1k": 40.0})) == ("green", "learning")
    assert said(kid1k=15.0, before={"kid1k": 40.0}).sentence == "The samples are still coarse, but get better."
    assert verdict(looked(legible=5, before={"legible": 0})) == ("green", "learning")


def test_bad_samples_that_stand_still_are_stalled():
    assert verdict(said(kid1k=15.0)) == ("red", "stalled")
    assert verdict(said(kid1k=9.9)) == ("green", "learning")
    assert verdict(looked(legible=3)) == ("red", "stalled")
    assert verdict(looked(legible=4)) == ("green", "learning")
    assert verdict(looked(steps=7000, legible=20)) == ("amber", "stalled"), "by then most samples should be good"
    assert verdict(looked(steps=5900, legible=20)) == ("green", "learning")
    assert verdict(looked(steps=7000, legible=32)) == ("green", "learning")
    assert verdict(looked(steps=7000, legible=20, before={"legible": 10})) == ("green", "learning")


def test_samples_that_nobody_can_read_are_not_known_to_stand_still_at_first():
    for steps, found in ((1990, "grey"), (2300, "red")):
        assert looked(steps=steps, legible=0).level == found
    looks = kept(1500, GRID, legible=0)
    for kid, found in ((4.0, "grey"), (15.0, "red")):
        probes = kept(1500, DIGITS, {"kid1k": 15.0}, kid1k=kid)
        assert how.read(configure("gan"), lines(1500, GAME), probes, looks, RUNNING).level == (found if found == "red" else "green")


def test_bad_samples_seen_once_are_young():
    reading = how.read(configure("gan"), lines(4000, GAME), kept(4000, DIGITS, kid1k=15.0)[-1:], [], RUNNING)
    assert verdict(reading) == ("grey", "young")


@pytest.mark.parametrize(("accuracy", "kind"), [(0.45, "stalled"), (0.7, "learning")])
def test_a_conditional_gan_must_draw_what_it_is_asked_for(accuracy, kind):
    assert said(configure("cgan"), class_accuracy=accuracy).kind == kind


def test_samples_much_worse_than_they_were_are_past_their_best():
    assert verdict(said(kid1k=9.0, before={"kid1k": 2.0})) == ("amber", "past its best")
    assert verdict(said(kid1k=30.0, before={"kid1k": 2.0})) == ("red", "past its best")
    assert verdict(said(kid1k=5.0, before={"kid1k": 1.0})) == ("green", "learning")  # still good
    assert said(kid1k=9.0, before={"kid1k": 2.0}).sentence == "The samples were better at step 1,200."
    assert verdict(looked(legible=30, before={"legible": 60})) == ("amber", "past its best")
    assert verdict(looked(legible=34, before={"legible": 60})) == ("green", "learning")
    assert verdict(looked(legible=3, before={"legible": 60})) == ("red", "past its best")


def test_a_failed_run_diverged_if_its_numbers_broke():
    diverged = Status(state="failed", message="D/gradient is no longer a finite number near step 12: the training diverged.")
    assert verdict(said(status=diverged)) == ("red", "diverged")
    assert said(status=diverged).evidence[0] == diverged.message
    assert verdict(said(status=Status(state="failed", message="OSError: no space left on device"))) == ("red", "failed")
    assert verdict(how.read(configure("gan"), [], [], [], diverged)) == ("red", "diverged"), "in its first second"


def test_numbers_that_are_not_finite_or_huge_have_diverged():
    assert verdict(said(game={"G/loss": math.nan})) == ("red", "diverged")
    assert verdict(said(game={"D/loss": 101.0})) == ("red", "diverged")
    assert verdict(said(game={"D/loss": 99.0})) == ("green", "learning")
    once = lines(4000, GAME)
    once[100] |= {"G/loss": math.nan}
    assert verdict(how.read(configure("gan"), once, kept(4000, DIGITS), [], DONE)) == ("green", "learning"), "long ago"


def test_losses_that_were_huge_once_count_while_the_samples_are_bad():
    def seen(peak: float, kid: float, before: dict | None = None) -> tuple[str, str]:
        records = [*lines(100, GAME | {"D/loss": peak}), *lines(4000, GAME)[10:]]
        return verdict(how.read(configure("gan"), records, kept(4000, DIGITS, before, kid1k=kid), [], DONE))

    assert seen(101.0, 50.0) == ("red", "diverged")
    assert seen(101.0, 50.0, {"kid1k": 900.0}) == ("green", "learning")
    assert seen(99.0, 50.0) == ("red", "stalled")
    assert seen(101.0, 4.0) == ("green", "learning")


def test_a_critics_numbers_may_be_large():
    wgan = configure("wgan")
    large = {"D/loss": -900.0, "G/loss": 1800.0, "D(x)": 900.0, "D(G(z))": -10.0}
    assert verdict(said(wgan, game=large)) == ("green", "learning")
    assert verdict(said(wgan, game=large | {"D(x)": 2e5})) == ("red", "diverged")


def test_no_gradient_at_all_is_red_even_when_young():
    sure = {"G/gradient": 1e-9, "D(x)": 1.0, "D(G(z))": 0.0}
    for read in (said, looked):
        assert verdict(read(steps=100, game=sure)) == ("red", "D too strong")
        assert verdict(read(steps=100, game={"G/gradient": 0.0, "D(x)": 0.5, "D(G(z))": 0.5})) == ("red", "D gave up")
        assert verdict(read(configure("wgan"), steps=100, game={"G/gradient": 1e-9})) == ("red", "stalled")
    assert verdict(said(steps=100, game=sure | {"G/gradient": 1e-5}, kid1k=50.0)) == ("grey", "young")
    assert verdict(said(steps=40, game=sure, kid1k=50.0)) == ("grey", "young")


def test_dead_gradients_mean_that_d_is_too_strong_or_g_ahead():
    low, high = {"D(x)": 0.9, "D(G(z))": 0.02}, {"D(x)": 0.98, "D(G(z))": 0.96}
    assert verdict(said(dead_share=0.75, game=low)) == ("amber", "D too strong")
    assert said(dead_share=0.75, game=low).sentence == "D is pulling ahead. The samples are still good."
    assert verdict(said(dead_share=0.75, game=low, kid1k=50.0)) == ("red", "D too strong")
    better = said(dead_share=0.75, game=low, kid1k=50.0, before={"kid1k": 200.0})
    assert verdict(better) == ("amber", "D too strong")
    assert better.sentence == "D wins easily, but the samples still get better."
    gone = {"D(x)": 0.99, "D(G(z))": 0.01}
    assert verdict(said(dead_share=0.96, game=gone)) == ("red", "D too strong"), "however good its samples are"
    assert verdict(said(dead_share=0.94, game=gone)) == verdict(said(dead_share=0.96, game=low)) == ("amber", "D too strong")
    assert verdict(said(dead_share=0.65, game=low)) == ("green", "learning")
    assert verdict(said(dead_share=0.75, game=high)) == ("amber", "G ahead")
    evidence = said(dead_share=0.75, game=low).evidence
    assert "75% of G's gradients are below a twentieth of the greatest possible (step 4,000)." in evidence


def test_one_look_with_dead_gradients_is_not_enough():
    probes = [*kept(4000, DIGITS)[:-1], *kept(4000, DIGITS, dead_share=0.9)[-1:]]
    assert how.read(configure("gan"), lines(4000, GAME), probes, [], DONE).kind == "learning"


def test_a_d_without_doubt_is_too_strong():
    sure = {"D(x)": 0.97, "D(G(z))": 0.03}
    assert verdict(said(game=sure)) == ("amber", "D too strong")
    assert verdict(said(game=sure, kid1k=50.0)) == ("red", "D too strong")
    assert verdict(said(game=sure | {"D(x)": 0.94})) == ("green", "learning")
    assert verdict(said(game=sure | {"D(G(z))": 0.06})) == ("green", "learning")


def test_a_d_sure_from_the_start_is_the_cause_and_one_sure_of_late_the_consequence_of_collapse():
    sure, poor = {"D(x)": 0.97, "D(G(z))": 0.03}, {"kid1k": 50.0, "spread": 0.3}
    assert said(game=sure, **poor).kind == "D too strong"
    records = lines(4000, GAME)[:300] + lines(4000, GAME | sure)[300:]
    assert how.read(configure("gan"), records, kept(4000, DIGITS, **poor), [], DONE).kind == "collapse"


def test_collapse_is_said_before_a_d_that_pulls_ahead_of_good_samples():
    sure = {"D(x)": 0.97, "D(G(z))": 0.03}
    reading = how.read(configure("sine-conv"), lines(4000, GAME | sure), [], kept(4000, SINES, phases=1), DONE)
    assert verdict(reading) == ("red", "collapse")


def test_pairs_told_apart_without_doubt_are_too_easy_for_a_relativistic_d():
    r3gan = configure("r3gan")
    game = {"D(x)": 4.0, "D(G(z))": -3.0}
    assert verdict(said(r3gan, game=game | {"D/pairing": 0.01}, class_accuracy=0.9)) == ("amber", "D too strong")
    assert verdict(said(r3gan, game=game | {"D/pairing": 0.16}, class_accuracy=0.9)) == ("green", "learning")
    evidence = said(r3gan, game=game | {"D/pairing": 0.16}, class_accuracy=0.9).evidence
    assert "In training D scores real samples 7 higher than generated ones (step 4,000)." in evidence
    assert "D puts 75% of the pairs of a real and a generated sample in the right order (step 4,000)." in evidence


def test_a_d_that_is_fooled_by_bad_samples_leaves_g_ahead():
    fooled = {"D(x)": 0.9, "D(G(z))": 0.85}
    assert verdict(said(game=fooled, kid1k=50.0)) == ("red", "G ahead")
    assert verdict(said(game=fooled)) == ("green", "learning")
    assert verdict(said(game={"D(x)": 0.9, "D(G(z))": 0.75}, kid1k=50.0)) == ("red", "stalled")


def test_equal_answers_on_bad_samples_mean_that_d_gave_up():
    equal = {"D(x)": 0.50, "D(G(z))": 0.49}
    assert verdict(said(game=equal, kid1k=50.0)) == ("red", "D gave up")
    assert verdict(said(game=equal)) == ("green", "learning")
    assert verdict(said(game=equal | {"D(x)": 0.53}, kid1k=50.0)) == ("red", "stalled")


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ({"spread": 0.45, "kid1k": 40.0}, {"spread": 0.55}),
        ({"digits_covered": 5.0}, {"digits_covered": 6.0}),
        ({"recall1k": 0.01}, {"recall1k": 0.03}),
        ({"recall1k": 0.01, "precision1k": 0.31}, {"recall1k": 0.01, "precision1k": 0.29}),
    ],
)
def test_little_variety_is_collapse(low, high):
    assert verdict(said(**low)) == ("red", "collapse")
    assert verdict(said(**high)) == ("green", "learning")


def test_little_variety_in_the_grid_is_collapse():
    assert verdict(looked(variety=0.45)) == ("red", "collapse")
    assert verdict(looked(variety=0.55)) == ("green", "learning")
    assert verdict(looked(digits=5)) == ("red", "collapse")
    assert looked(digits=5).sentence == "Mode collapse: G draws only a few of the ten digits."
    assert verdict(looked(legible=5, digits=2, variety=0.55, before={"legible": 1})) == ("red", "collapse"), "all that can be read is one"
    assert verdict(looked(legible=5, digits=2, variety=0.65, before={"legible": 1})) == ("green", "learning")
    assert verdict(looked(legible=5, digits=3, variety=0.55, before={"legible": 1})) == ("green", "learning")
    assert verdict(looked(digits=6)) == ("green", "learning")
    assert verdict(looked(digits=5, legible=30)) == ("green", "learning"), "what cannot be read may be any digit"


def test_variety_that_is_still_growing_is_no_alarm():
    assert verdict(looked(variety=0.45, before={"variety": 0.3})) == ("green", "learning")
    assert verdict(looked(variety=0.45, before={"variety": 0.45})) == ("red", "collapse")
    assert verdict(looked(legible=40, digits=3, before={"legible": 10})) == ("green", "learning")
    assert verdict(said(kid1k=12.0, digits_covered=3.0, before={"kid1k": 40.0})) == ("green", "learning")


def test_sines_of_one_phase_are_collapse_where_they_should_have_all():
    family, fixed = configure("sine-conv"), configure("sine-mlp")
    for phase, found in ((0.85, ("red", "collapse")), (0.75, ("green", "learning"))):
        assert verdict(how.read(family, lines(4000, GAME), kept(4000, CURVES, phase_concentration=phase), [], DONE)) == found
    for phases, found in ((3, ("red", "collapse")), (4, ("green", "learning"))):
        assert verdict(how.read(family, lines(4000, GAME), [], kept(4000, SINES, phases=phases), DONE)) == found
    one = {name: value for name, value in SINES.items() if name != "phases"} | {"amplitude": 1.0}
    assert verdict(how.read(fixed, lines(4000, GAME), [], kept(4000, one), DONE))[0] == "green"


@pytest.mark.parametrize(("rmse", "kind"), [(0.25, "stalled"), (0.18, "learning")])
def test_curves_are_judged_by_shape_and_height(rmse, kind):
    config = configure("sine-conv")
    assert how.read(config, lines(2500, GAME), kept(2500, CURVES, sine_rmse=rmse), [], DONE).kind == kind
    assert how.read(config, lines(2500, GAME), [], kept(2500, SINES, rmse=rmse, amplitude=0.42), DONE).kind == kind


def test_without_a_judge_light_and_variety_count():
    config = configure("gan", data="fashion-mnist")
    plain = {name: DIGITS[name] for name in ("ink", "spread", "dead_share", "scores")}
    grid = {name: GRID[name] for name in ("n", "ink", "variety", "scores")}
    for changes, found in (({}, "learning"), ({"ink": 2.1}, "stalled"), ({"ink": 1.9}, "learning"), ({"spread": 0.4}, "collapse")):
        assert how.read(config, lines(4000, GAME), kept(4000, plain, **changes), [], DONE).kind == found
        looks = kept(4000, grid, **{{"spread": "variety"}.get(name, name): value for name, value in changes.items()})
        reading = how.read(config, lines(4000, GAME), [], looks, DONE)
        assert reading.kind == found
        assert reading.state != "learned", "nobody read them"


def test_d_knowing_its_images_by_heart_is_overfitting():
    assert verdict(said(scores=scores(2.0, 0.9, -2.0))) == ("amber", "overfitting D")
    assert verdict(said(scores=scores(2.0, -0.1, -2.0))) == ("red", "overfitting D")
    assert verdict(said(scores=scores(2.0, 1.1, -2.0))) == ("green", "learning")
    assert verdict(said(scores=scores(0.3, 0.0, 0.0))) == ("green", "learning")  # within what 256 samples can tell
    odd = [*kept(4000, DIGITS, scores=scores(2.0, 1.9, -2.0))[:-1], *kept(4000, DIGITS, scores=scores(2.0, 0.0, -2.0))[-1:]]
    assert how.read(configure("gan"), lines(4000, GAME), odd, [], DONE).kind == "learning"  # one look of three
    evidence = said(scores=scores(2.0, 0.9, -2.0)).evidence
    assert "So 28% of what tells real from generated is mere recognition (step 4,000)." in evidence


def test_a_run_that_kept_neither_probes_nor_looks_is_read_by_its_game():
    reading = how.read(configure("gan"), lines(4000, GAME), [], [], DONE)
    assert verdict(reading) == ("green", "learning")
    assert reading.sentence == "D and G are in balance. The samples were not measured."
    sure = GAME | {"D(x)": 0.97, "D(G(z))": 0.03}
    reading = how.read(configure("gan"), lines(4000, sure), [], [], DONE)
    assert verdict(reading) == ("amber", "D too strong")
    assert reading.sentence == "D is pulling ahead. The samples were not measured."


def test_lost_and_paused_runs_are_read_by_their_numbers():
    for state in ("stopped", "lost", "paused"):
        assert verdict(said(status=Status(state=state))) == ("green", "learning")
