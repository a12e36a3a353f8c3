"""The stage: one training on one screen, as one component whose blocks keep their places from the first frame to the last.

Python says what is known; stage.js draws it. What a visitor presses there comes back as a request, and is done here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig
from gan_core.health import signs
from gan_core.runs import LIVE, RESUMABLE, Run, Status
from gan_core.runs.pace import Turn
from gan_core.translation import _, language
from pages.shared import components, history, links, run_health, run_picker, run_status, terms, visitors
from pages.training_lab.form import address, draft, form
from pages.training_lab.run import stage_charts, stage_frames

STEP = "step"  # the query parameter: the snapshot that the machine opens at
MORE_SECONDS, MORE_SHARE = 20, 2  # what the button adds: so many seconds, or one step for so many
_REFUSED = "refused"  # session state: what was in the way of the last press
_HERE = Path(__file__).parent
_stage = components.declare(
    "gan_atelier_stage",
    _HERE / "stage.js",
    html=(_HERE / "stage.html").read_text(encoding="utf-8"),
    css=(_HERE / "frame.css", _HERE / "stage.css"),
    isolate_styles=False,  # plotly.js puts its styles into the page's head
)


def draw(run: Run, status: Status) -> None:
    """The stage of a run, fed with what the browser lacks."""
    key = f"stage-{run.id}"

    def pressed() -> None:
        if asked := st.session_state.get(key, {}).get("act"):
            attempt(run, asked)

    have = (st.session_state.get(key, {}).get("have") or {}).get("frames", [])
    pressed_now = _stage(key=key, data=content(run, status, have), on_have_change=lambda: None, on_act_change=pressed)
    if asked := pressed_now.get("act"):
        _leave(run, asked["what"])


def content(run: Run, status: Status, have: list[int]) -> dict[str, Any]:
    """All that the browser draws of a run, as JSON."""
    config, kept = run.config, history.of(run)
    about, objective = config.about, config.settings.objective
    return {
        "state": status.state,
        "may": visitors.may_change(run),
        "at": _asked_step(),
        "alt": _("Samples of {title}").format(title=_(about.title)),
        "probable": objective.probabilistic,
        "amplitude": signs.AMPLITUDE.get(config.data),
        "asks": _("D's probability of “real” for these:") if objective.probabilistic else _("D's value for these:"),
        "verdict": _verdict(run, status),
        "progress": _progress(config, status),
        "buttons": _buttons(run, status),
        "onward": _onward(run, status),
        "pace": run.pace,
        "rates": [[None, _("Full speed")], [20, _("20/s")], [5, _("5/s")], [1, _("1/s")], [0, _("Held")]],
        "panels": stage_charts.panels(run),
        "terms": terms.glossary(*_words(run)),
        "charts": kept.once("stage charts", (status.state, language()), lambda: stage_charts.charts_of(run, kept, status)),
        **stage_frames.of(run, kept, status, set(have)),
    }


def _words(run: Run) -> list[str]:
    """The terms that stand on this screen."""
    objective = run.config.settings.objective
    images = ["judge", "kid1k", "coverage", "precision", "recall"] if run.config.about.kind == "images" else []
    found = ["discriminator", "generator", "loss", "step", "snapshot", *images, "seed", "recipe", "mode collapse"]
    return found + ([] if objective.probabilistic else ["critic"]) + (["gradient penalty"] if objective.penalty else [])


def _asked_step() -> int | None:
    """The snapshot that the address names, None if it names none."""
    asked = st.query_params.get(STEP, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else None


def complaints(run: Run) -> None:
    """What does not fit in the address, above the stage."""
    asked = st.query_params.get(STEP, "")
    if not asked:
        return
    steps = [grid.step for grid in run.samples]
    if _asked_step() is None:
        words = _("The address asks for step {asked}, which is no number of a step. The newest samples are shown.")
    elif steps and _asked_step() not in steps:
        words = _("There are no samples of step {asked}. The nearest are shown.")
    else:
        return
    st.warning(words.format(asked=asked[:20]), icon=":material/link_off:")


def _verdict(run: Run, status: Status) -> dict[str, Any]:
    """How it is doing: the line, and what opens beneath it."""
    found = run_health.of(run, status)
    broken = status.state in ("failed", "lost")  # then what happened comes first
    return {
        "level": "red" if broken else found.level,
        "word": run_status.word(status) if broken else run_health.word(found),
        "sentence": status.message if broken and status.message else found.sentence,
        "evidence": list(found.evidence),
        "why": found.why,
        "remedies": [{"title": remedy.title, "why": remedy.why} for remedy in found.remedies],
    }


def _progress(config: RunConfig, status: Status) -> dict[str, Any]:
    """How far it is, and in words: state, time or steps, pace. The words change; their place does not."""
    done = status.step / config.steps
    if config.seconds is not None:
        done = max(done, status.seconds / config.seconds)
    done = 1.0 if status.state == "finished" else min(1.0, done)
    if status.state not in LIVE:
        told = _("{state} · step {step} · {seconds} trained")
    elif status.state != "running":
        told = _("{state}")
    elif config.seconds is not None:
        told = _("{now} of {all} s · step {step} · {rate} steps/s")
    else:
        told = _("step {step} of {steps} · {rate} steps/s · {left} left")
    told = told.format(
        state=run_status.word(status),
        now=f"{status.seconds:,.0f}",
        all=f"{config.seconds or 0:,.0f}",
        step=f"{status.step:,}",
        steps=f"{config.steps:,}",
        rate=f"{status.rate:,.0f}" if status.rate else "–",
        left=run_status.duration(status.eta) if status.eta is not None else "–",
        seconds=run_status.duration(status.seconds),
    )
    if status.by_hand:
        told = _("{told} · stepped by hand: D {d}, G {g} times").format(told=told, d=status.single_d, g=status.single_g)
    return {"done": done, "told": told}


def _buttons(run: Run, status: Status) -> dict[str, dict[str, Any]]:
    """Pause or resume, stop, and more: always there, in one order; one that cannot be pressed is grey."""
    may, state, asked = visitors.may_change(run), status.state, run.asked
    live, kept = state in LIVE, run.checkpoint is not None
    pause: dict[str, Any] = {"act": "pause", "label": _("Pause"), "help": _("It keeps all, and frees its place.")}
    if asked == "pause":
        pause = {"act": "", "label": _("Pausing"), "help": ""}
    elif state == "queued" or asked or not live:
        pause["act"] = ""
    if state in RESUMABLE:
        label = _("Resume") if kept else _("Start again")
        help_ = _("Goes on from the last checkpoint, bit for bit.") if kept else _("No checkpoint was kept. It begins anew.")
        pause = {"act": "resume", "label": label, "help": help_}
    stop = {
        "act": "stop" if (live and asked != "stop") or state == "paused" else "",
        "label": _("Stopping") if live and asked == "stop" else _("Leave") if state == "queued" else _("Stop"),
        "help": _("It ends at once and keeps what it has learned. It can be resumed later."),
    }
    in_seconds = run.config.seconds is not None
    label = _("+ {n} s").format(n=MORE_SECONDS) if in_seconds else _("+ {n} steps").format(n=f"{_more_steps(run.config):,}")
    more = {
        "act": "more" if state in ("finished", "stopped") and kept else "",
        "label": label,
        "help": _("Trains so much longer.") if in_seconds else _("Trains so many steps longer."),
    }
    found = {"pause": pause, "stop": stop, "more": more}
    return found if may else {name: button | {"act": ""} for name, button in found.items()}


def _more_steps(config: RunConfig) -> int:
    return max(1, config.steps // MORE_SHARE)


def _onward(run: Run, status: Status) -> list[tuple[str, str]]:
    """Where to go after the end."""
    if status.state in LIVE:
        return []
    about = run.config.about
    found = []
    if run.has_weights:
        found.append(("explore", _("Explore")))
        if about.classes:
            found.append(("ask", _("Ask for a digit")))
    return [*found, ("again", _("Again, another seed")), ("break", _("Break it"))]


def attempt(run: Run, asked: dict[str, Any]) -> None:
    """Does what was pressed; what is in the way is said above the stage.

    Whether this visitor may is asked anew: the browser is not trusted.
    """
    what, value = asked.get("what"), asked.get("value")  # whoever is asked looks whether the value fits
    changing: dict[str, Callable[[], object]] = {
        "pause": lambda: jobs.pause(run),
        "resume": lambda: jobs.resume(run),
        "stop": lambda: jobs.stop(run, 0.0),
        "more": lambda: _extend(run),
        "rate": lambda: jobs.set_pace(run, value),
        "single": lambda: jobs.single(run, cast(Turn, value)),
    }
    try:
        if what in changing and visitors.may_change(run):
            changing[what]()
        elif what == "again":
            _open(form.submit(run.config.model_copy(update={"seed": secrets.randbelow(2**16)})))
        elif what in ("remedy", "change"):
            remedies = run_health.of(run, run.status).remedies
            if isinstance(value, int) and 0 <= value < len(remedies):
                changed = remedies[value].apply(run.config)
                if what == "change":
                    draft.fill(changed)
                else:
                    _open(form.submit(changed, title=remedies[value].title))
    except AtelierError as error:
        refuse(str(error))


def _extend(run: Run) -> None:
    if run.config.seconds is not None:
        jobs.extend(run, seconds=float(MORE_SECONDS))
    else:
        jobs.extend(run, steps=_more_steps(run.config))


def _open(begun: Run) -> None:
    run_picker.forget()
    st.query_params[run_picker.RUN] = begun.id


def _leave(run: Run, what: str) -> None:
    """Goes where a press leads: another page, or this one drawn anew."""
    if what == "explore":
        st.switch_page(links.LATENT_SPACE.file, query_params={run_picker.RUN: run.id})
    elif what == "ask":
        st.switch_page(links.DIGITS.file, query_params={run_picker.RUN: run.id})
    elif what == "break":
        run_picker.forget()
        st.query_params[address.TAB] = "break"
        st.rerun(scope="app")
    else:
        st.rerun(scope="app")


def refuse(words: str) -> None:
    """Remembers, in a callback, why something could not be done."""
    st.session_state[_REFUSED] = words


def refused() -> None:
    """What was in the way of the last press, above the stage."""
    if words := st.session_state.pop(_REFUSED, ""):
        st.error(words, icon=":material/error:")
