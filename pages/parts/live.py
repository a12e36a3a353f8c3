"""A training on the screen: where it stands, its curves, its samples. Reads the run's folder; keeps nothing itself."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.runs import LIVE, Run, Status
from pages.parts import charts, history, pictures
from pages.parts.choose import RUN

WORDS = {
    "queued": ("Starting", ":material/hourglass_top:", "gray"),
    "running": ("Training", ":material/play_circle:", "green"),
    "finished": ("Finished", ":material/check_circle:", "green"),
    "stopped": ("Stopped", ":material/pause_circle:", "orange"),
    "failed": ("Failed", ":material/error:", "red"),
    "lost": ("Ended without a word", ":material/help:", "red"),
}


def state(run: Run, status: Status) -> str:
    """Where it stands, as a badge in Markdown."""
    word, icon, colour = WORDS[status.state]
    if status.state in LIVE and run.stop_path.exists():
        word, icon, colour = "Stopping", ":material/hourglass_bottom:", "orange"
    return f":{colour}-badge[{icon} {word}]"


def heading(run: Run, status: Status) -> None:
    """State, what can be done, progress and pace."""
    config = run.config
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{state(run, status)}  {status.message}", width="content")
        buttons(run, status)
    done = status.step / config.steps
    if config.seconds is not None:
        done = max(done, status.seconds / config.seconds)
    aim = f"of {config.steps:,} steps" if config.seconds is None else f"steps, {status.seconds:,.0f} of {config.seconds:,.0f} s"
    st.progress(1.0 if status.state == "finished" else min(1.0, done), text=f"{status.step:,} {aim}")
    live = status.state == "running"
    with st.container(horizontal=True, gap="medium"):
        st.metric("Steps per second", f"{status.rate:,.0f}" if live and status.rate else "–", width="content")
        st.metric("Time left", _duration(status.eta) if live and status.eta is not None else "–", width="content")
        st.metric("Time trained", _duration(status.seconds), width="content")
        st.metric("Images seen" if config.about.kind == "images" else "Curves seen", f"{status.images:,}", width="content")
        st.metric("Device", status.device or config.device.upper(), width="content")


def buttons(run: Run, status: Status) -> None:
    """What can be done with it now."""
    if status.state in LIVE:
        st.button("Stop", icon=":material/stop_circle:", type="primary", on_click=_stop, args=(run,), disabled=run.stop_path.exists())
    elif status.state in ("stopped", "lost", "failed") and run.resume_path.is_file() and not run.shipped:
        st.button("Resume", icon=":material/play_circle:", type="primary", on_click=_resume, args=(run,))
    if run.has_weights:
        st.page_link("pages/explore/latent.py", label="Explore its latent space", icon=":material/tune:", query_params={RUN: run.id})
        if run.config.about.classes:
            st.page_link("pages/explore/digits.py", label="Ask for digits", icon=":material/dialpad:", query_params={RUN: run.id})


def curves(run: Run) -> None:
    """The losses, what D says of real and of generated samples, and how strong the gradients are."""
    kept = history.of(run)
    config = run.config
    if not kept.records:
        st.info("The curves begin with the first steps.", icon=":material/show_chart:")
        return
    last = kept.records[-1]["step"]
    x_range = (0.0, float(config.steps)) if config.seconds is None else (0.0, charts.steady([0.0, last])[1])

    st.markdown("**Losses** of :blue[the discriminator] and :orange[the generator]")
    losses = [*_curves(kept, "D/", "D"), *_curves(kept, "G/", "G")]
    shown = [v for t in losses if not t.get("folded") for v in t["y"]]
    charts.draw(
        losses,
        key=f"loss-{run.id}",
        alt=_said(losses, "Losses"),
        x_range=x_range,
        y_range=charts.steady(shown, 0.0),
        y_title="loss",
        height=250,
    )

    probabilities = config.settings.objective.probabilistic
    what = "Probability of “real” that D gives" if probabilities else "Critic's value (not a probability) for"
    st.markdown(f"**{what}** real samples x and generated samples G(z)")
    verdicts = [
        charts.trace("D(x), real", "D", *kept.curve("D(x)")),
        charts.trace("D(G(z)), generated", "G", *kept.curve("D(G(z))"), dash="dash"),
    ]
    charts.draw(
        verdicts,
        key=f"verdicts-{run.id}",
        alt=_said(verdicts, "What D says"),
        x_range=x_range,
        y_range=(0.0, 1.0) if probabilities else charts.steady([v for t in verdicts for v in t["y"]]),
        line=0.5 if probabilities else None,
        y_title="probability" if probabilities else "value",
        height=210,
    )
    if probabilities:
        st.caption("At the dotted line D can no longer tell the two apart.")

    with st.expander("Gradient norms"):
        norms = [
            charts.trace("D's gradient", "D", *kept.curve("D/gradient")),
            charts.trace("G's gradient", "G", *kept.curve("G/gradient"), dash="dash"),
        ]
        charts.draw(
            norms,
            key=f"gradient-{run.id}",
            alt=_said(norms, "Gradient norms"),
            x_range=x_range,
            y_range=charts.decades([v for t in norms for v in t["y"]]),
            log=True,
            y_title="norm",
            height=240,
        )
        st.caption("Near zero a network no longer learns; growing without end, it is about to break.")


def samples(run: Run) -> None:
    """What G draws from the same latent vectors all along."""
    found = run.samples
    if not found:
        st.info("The first samples come with the first step.", icon=":material/image:")
        return
    step, path = found[-1]
    about = run.config.about
    st.markdown(f"**Samples** after {step:,} steps")
    try:
        if path.suffix == ".png":
            alt = f"Images that {about.title} draws after {step:,} steps"
            pictures.png(path.read_bytes(), alt, width=640)
        else:
            sampled_curves(pictures.read_curves(path), key=f"samples-{run.id}", alt=f"Curves that {about.title} draws after {step:,} steps")
    except (OSError, ValueError, KeyError):
        st.info("The samples are being written.", icon=":material/hourglass_empty:")
        return
    columns = " A column for each class, 0 to 9." if about.classes else ""
    st.caption(f"Always from the same latent vectors: what changes is what G has learned.{columns}")


def sampled_curves(content: dict[str, Any], key: str, alt: str) -> None:
    """Generated curves over real ones."""
    drawn = [
        charts.trace("real", "real", content["x"], y, width=1.5, opacity=0.7, group="real", legend=i == 0, quiet=True)
        for i, y in enumerate(content["real"])
    ]
    drawn += [
        charts.trace("generated", "fake", content["x"], y, width=1.8, opacity=0.8, group="generated", legend=i == 0, quiet=True)
        for i, y in enumerate(content["fake"])
    ]
    values = [v for y in content["real"] or content["fake"] for v in y]
    pad = 0.25 * (max(values) - min(values))
    values = [min(values) - pad, max(values) + pad, *(v for y in content["fake"] for v in y)]  # real ones hold the scale still
    charts.draw(drawn, key=key, alt=alt, x_title="x", y_title="y", y_range=(min(values), max(values)), height=380, hover="closest")


def _curves(kept: history.History, prefix: str, role: str) -> list[charts.Trace]:
    """The loss of a network, and its terms, folded into the legend, where there is more than one."""
    total = charts.trace(f"{role} loss", role, *kept.curve(f"{prefix}loss"))
    terms = [name for name in kept.names(prefix) if name not in (f"{prefix}loss", f"{prefix}gradient")]
    if len(terms) < 2:
        return [total]
    return [
        total,
        *(charts.trace(f"{role}: {n.removeprefix(prefix)}", role, *kept.curve(n), width=1.2, dash="dot", folded=True) for n in terms),
    ]


def _said(traces: list[charts.Trace], what: str) -> str:
    """The newest values of a chart as a sentence, for those who cannot see it."""
    return f"{what}, newest values: " + ", ".join(f"{t['name']} {t['y'][-1]:.3g}" for t in traces if t["y"]) + "."


def _stop(run: Run) -> None:
    jobs.stop(run, patience=0.0)  # the page goes on; the fragment sees the end of the run when it comes


def _resume(run: Run) -> None:
    try:
        jobs.resume(run)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")


def _duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:02.0f} min"
