"""One run of several: its name in its colour, what it draws, how it is doing, and three numbers with bars."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.translation import _
from pages.compare import numbers
from pages.compare.curves import DASHES
from pages.shared import components, html, images, latent_controls, models, run_health
from pages.shared.run_picker import brief

CELLS, COLUMNS = 60, 10  # of a grid of images: a column for each class, where there are classes
_HERE = Path(__file__)
_card = components.declare("gan_atelier_compared", _HERE.with_suffix(".js"), html='<div class="card"></div>', css=_HERE.with_suffix(".css"))


def draw(run: Run, place: int, seed: int) -> None:
    """The card of the run at this place among those compared. Where its networks cannot be loaded, it says why."""
    status = run.status
    found = run_health.of(run, status)
    try:
        source, alt = _picture(run, seed)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        source = alt = ""
    _card(
        key=f"card-{run.id}",
        data={
            "title": brief(run),
            "about": _("{steps} steps on {data}").format(steps=f"{status.step:,}", data=_(DATA_SETS[run.config.data].title)),
            "role": place + 3,  # the chart colours that mean no network; see plot.js
            "dash": DASHES[place],
            "source": source,
            "alt": alt,
            "level": found.level,
            "word": run_health.word(found),
            "sentence": found.sentence,
            "numbers": [number.sent() for number in numbers.of(run)],
        },
    )


def _picture(run: Run, seed: int) -> tuple[str, str]:
    """What it draws from the z of this seed, as the source of an image, and that in words. Raises AtelierError."""
    model = models.opened(run)
    if model.variant.kind == "curves":
        content = latent_controls.many_curves(model, seed)
        return html.source(images.svg(content["real"], content["fake"])), _("Curves of {run} from seed {seed}").format(
            run=brief(run), seed=seed
        )
    k = model.variant.classes
    y = tuple(i % k for i in range(CELLS)) if k else None
    alt = _("{n} images of {run} from seed {seed}, a column for each class") if k else _("{n} images of {run} from seed {seed}")
    return html.source(models.grid(run, seed, CELLS, COLUMNS, y)), alt.format(n=CELLS, run=brief(run), seed=seed)
