"""All that the browser draws of a pair, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gan_core import jobs
from gan_core.gans import differences
from gan_core.health.demonstrations import ROLES, Break
from gan_core.runs import LIVE, RESUMABLE, Run, Status
from gan_core.translation import _
from pages.shared import history, run_health, run_picker, run_status, visitors
from pages.training_lab.pair import curves, verdicts
from pages.training_lab.run import stage_frames

Pair = tuple[Run, Run]


@dataclass(frozen=True)
class Shown:
    """What a pair page is about: a preset, the two runs that a visitor trains, or both."""

    each: Break | None
    live: Pair | None

    @property
    def recorded(self) -> Pair | None:
        """The recording of the preset, None if there is none."""
        return self.each.recording() if self.each else None

    @property
    def key(self) -> str:
        """Names it, for its component and its charts."""
        ids = [run.id for run in self.live or ()]
        return "-".join(["pair", *([self.each.name] if self.each else []), *ids])

    @property
    def labels(self) -> tuple[str, str]:
        """How the two runs are called."""
        if self.each or self.live is None:
            return _("Broken"), _("Cured")
        return (self.live[0].name or run_picker.brief(self.live[0]), self.live[1].name or run_picker.brief(self.live[1]))

    @property
    def lines(self) -> tuple[str, str]:
        """How their lines in the charts are called."""
        return (_("broken"), _("cured")) if self.each or self.live is None else self.labels

    @property
    def title(self) -> str:
        """What the pair is about, in a few words."""
        return _(self.each.title) if self.each else _("Two trainings")

    @property
    def change(self) -> str:
        """What differs, from the cure's value to the broken one's."""
        found: tuple[differences.Difference, ...] = ()
        if self.each:
            found = self.each.changes()
        elif self.live:
            found = differences.between(self.live[1].config, self.live[0].config)
        return " · ".join(map(str, found)) or _("nothing differs")


def of(shown: Shown, have: dict[str, list[int]]) -> dict[str, Any]:
    """The content, for a browser that has the pictures of these steps of these runs."""
    live, each = shown.live, shown.each
    sources = {}
    if shown.recorded:
        sources["recorded"] = _source(shown.recorded, shown, have)
    if live:
        sources["live"] = _source(live, shown, have)
    statuses = [run.status for run in live or ()]
    may = bool(live) and all(visitors.may_change(run) for run in live or ())
    return {
        "key": shown.key,
        "title": shown.title,
        "change": shown.change,
        "recorded": _("recorded"),
        "prediction": _prediction(each) if each else None,
        "live": any(status.state in LIVE for status in statuses),
        "may": may,
        "buttons": _buttons(shown, statuses, may),
        "progress": _progress(shown, statuses),
        "sources": sources,
    }


def _prediction(each: Break) -> dict[str, Any]:
    question, answers, right = each.prediction
    return {"question": _(question), "answers": [_(answer) for answer in answers], "right": right}


def _source(pair: Pair, shown: Shown, have: dict[str, list[int]]) -> dict[str, Any]:
    sides = {role: _side(run, label, set(have.get(run.id, []))) for role, run, label in zip(ROLES, pair, shown.labels, strict=True)}
    return sides | {"charts": curves.of(*pair, shown.lines)}


def _side(run: Run, label: str, have: set[int]) -> dict[str, Any]:
    """One run: its pictures, what was said of it when, its scale."""
    status = run.status
    frames = stage_frames.of(run, history.of(run), status, have)
    del frames["looks"]  # the verdicts say what is shown of them; scores stay, as the stage finds these pictures in the browser
    return frames | {
        "label": label,
        "alt": _("Samples of {title}").format(title=label),
        "verdicts": [
            {"step": step, "level": found.level, "word": run_health.word(found), "sentence": found.sentence}
            for step, found in verdicts.of(run, status)
        ],
    }


def _progress(shown: Shown, statuses: list[Status]) -> dict[str, Any]:
    """How far both are together, and each in words; where they wait for a place, that."""
    live = shown.live
    if live is None:
        return {"done": 0.0, "told": _("A recording: this is how it went.")}
    shares = [1.0 if s.state == "finished" else min(1.0, s.step / run.config.steps) for run, s in zip(live, statuses, strict=True)]
    told = _("{broken} · {cured}").format(
        broken=_where(shown.labels[0], live[0], statuses[0]), cured=_where(shown.labels[1], live[1], statuses[1])
    )
    if places := [place for run in live if (place := jobs.position(run))]:
        told = (
            _("Waiting for a place: number {n} in the queue. The recording plays meanwhile.")
            if shown.recorded
            else _("Waiting for a place: number {n} in the queue.")
        ).format(n=min(places))
        if any(status.state == "running" for status in statuses):
            told = _("One trains, the other waits for a place: number {n} in the queue.").format(n=min(places))
    return {"done": sum(shares) / 2, "told": told}


def _where(label: str, run: Run, status: Status) -> str:
    if status.state == "running":
        return _("{run}: step {step} of {steps}").format(run=label, step=f"{status.step:,}", steps=f"{run.config.steps:,}")
    return _("{run}: {state}, step {step}").format(run=label, state=run_status.word(status).lower(), step=f"{status.step:,}")


def _buttons(shown: Shown, statuses: list[Status], may: bool) -> dict[str, dict[str, str]]:
    """Pause or resume, and stop, for both; a recording alone offers to train the pair."""
    if shown.live is None:
        return {"pause": {"act": "start", "label": _("Train both now")}, "stop": {"act": "", "label": _("Stop both")}}
    asked = [run.asked for run in shown.live]
    live = [status.state in LIVE for status in statuses]
    pause = {"act": "pause" if any(live) and not any(asked) else "", "label": _("Pause both")}
    if not any(live):
        if any(status.state in RESUMABLE and run.checkpoint for run, status in zip(shown.live, statuses, strict=True)):
            pause = {"act": "resume", "label": _("Resume both")}
        elif shown.each:
            pause = {"act": "start", "label": _("Train both again")}
    elif "pause" in asked:
        pause["label"] = _("Pausing")
    stop = {"act": "stop" if any(live) and "stop" not in asked else "", "label": _("Stopping") if "stop" in asked else _("Stop both")}
    found = {"pause": pause, "stop": stop}
    return found if may or pause["act"] == "start" else {name: button | {"act": ""} for name, button in found.items()}
