"""The explorer: a generator under the visitor's hand, run by the browser; when the hand rests, where it stands comes here.

While the hand moves nothing is asked of the server. The seeds' z are drawn here, by torch; everything else about a place in latent
space is worked out in the page (place.js) and said by the address (?place=...).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from gan_core import pictures
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.trained.model import Trained
from gan_core.translation import _
from pages.latent_space.explorer import codec, directions, transfer
from pages.shared import components, latent_controls, models, run_picker, terms
from pages.shared.latent_point import Point

KEY = "explorer"  # session state: what the component said last
BESIDE = "beside"  # the query parameter that names other runs
MOST = 5  # generators beside the one explored
WANTED = 40  # seeds whose z the page may ask for
_BROKEN = "broken_in_browser"  # session state: run -> why its generator could not run there
_SHOWN = "shown_beside"  # session state: the other runs of the last full run of the page
_HERE = Path(__file__).parent
_explorer = components.declare(
    "gan_atelier_explorer", _HERE / "main.js", html=(_HERE / "explorer.html").read_text(encoding="utf-8"), css=_HERE / "explorer.css"
)


def send_generator(model: Trained) -> str | None:
    """Sends the generator to the browser; gives its name there. None, having said why, where it has to run on the server."""
    why = st.session_state.get(_BROKEN, {}).get(model.run.id)
    if why is None:
        try:
            return transfer.send(model)
        except AtelierError as error:
            why = str(error)
    told = _("The server runs it instead. The picture changes when you release a slider.")
    st.warning(f"{why} {told}", icon=":material/dns:")
    return None


def runs_with_same_prior(model: Trained, candidates: list[Run]) -> list[Run]:
    """The other runs that take the same z: whose prior is the same."""
    about = model.variant
    return [r for r in candidates if r.id != model.run.id and r.config.about.prior == about.prior and r.config.about.kind == about.kind]


def send_others(candidates: list[Run]) -> list[tuple[str, Run]]:
    """Sends the other generators that the visitor, or the address, wants to see; gives their names in the browser."""
    said = st.session_state.get(KEY, {}).get("beside")
    wanted = said if isinstance(said, list) else st.query_params.get(BESIDE, "").split(",")
    st.session_state[_SHOWN] = said
    sent = []
    for run in [run for run in candidates if run.id in wanted][:MOST]:
        try:
            sent.append((transfer.send(models.opened(run)), run))
        except AtelierError as error:
            told = _("{run} cannot be shown here: {why}").format(run=run_picker.brief(run), why=error)
            st.warning(told, icon=":material/info:")
    names = ",".join(run.id for _, run in sent)
    if names != st.query_params.get(BESIDE, "") and (names or BESIDE in st.query_params):
        if names:
            st.query_params[BESIDE] = names
        else:
            del st.query_params[BESIDE]
    return sent


def draw(model: Trained, seed: int, name: str, others: list[tuple[str, Run]], comparable: list[Run]) -> Point:
    """The explorer, to be called in a fragment; gives where the hand rested last, at first the z of the seed."""
    said = st.session_state.get(KEY, {})
    if isinstance(broken := said.get("broken"), dict) and broken.get("owner") == f"{name} {seed}":
        why = _("The browser could not run this generator ({why}).").format(why=str(broken.get("why"))[:200])
        st.session_state.setdefault(_BROKEN, {})[model.run.id] = why
        st.rerun()
    if said.get("beside") != st.session_state.get(_SHOWN):
        st.rerun()  # generators travel outside of the fragment
    digit = asked_digit(model)
    owner = f"{name} {seed}"
    z = model.latents(1, seed)
    real = latent_controls.real_curves(model) if model.variant.kind == "curves" else []
    data: dict[str, Any] = {
        "owner": owner,
        "name": name,
        "run": model.run.id,
        "title": model.variant.title,
        "kind": model.variant.kind,
        "seed": seed,
        "drawn": {str(s): codec.packed(model.latents(1, s)[0].numpy()) for s in _requested_seeds(seed, said.get("want"))},
        **codec.opened_at(model, seed, said.get("point", {}) if KEY in st.session_state else None),
        "digit": digit,
        "word": latent_controls.class_word(model),
        **directions.known(model.run),
        "agreeing": [{"run": run.id, "title": run_picker.brief(run)} for run in comparable],
        "others": [{"name": n, "run": run.id, "title": run_picker.brief(run), "classes": run.config.about.classes} for n, run in others],
        "most": MOST,
        "terms": terms.glossary("latent vector", "prior"),
    }
    if real:
        low, high = pictures.ends(real)
        pad = 0.25 * (high - low)
        data |= {"real": real, "span": [low - pad, high + pad]}
    changes = {f"on_{key}_change": _on_change for key in ("point", "pins", "want", "beside", "broken")}
    _explorer(key=KEY, data=data, **changes)
    return codec.rested(model, owner, said.get("point")) or Point(model, z, models.one_hot(model, digit))


def marks(model: Trained) -> list[tuple[str, Point]]:
    """What the visitor has pinned of this run, by the names that it has there."""
    return codec.pinned(model, st.session_state.get(KEY, {}).get("pins"))


def _on_change() -> None:
    """What the page says lies in the session state."""


def asked_digit(model: Trained) -> int:
    """The class that the address asks for (?digit=...); 0 if it asks for none, or for one that there is not."""
    text = st.query_params.get("digit", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) < model.variant.classes else 0


def _requested_seeds(seed: int, requested: Any) -> list[int]:
    """The seeds of the usual anchors, and those that the page asks for."""
    usual = [seed, seed + 1, seed + 2]
    more = [s for s in requested if isinstance(s, int) and 0 <= s <= latent_controls.SEEDS] if isinstance(requested, list) else []
    return list(dict.fromkeys(usual + more))[:WANTED]
