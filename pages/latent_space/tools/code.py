"""Show me the code: the lines of Python that draw exactly this sample again, and the generator as a file for other programs."""

from __future__ import annotations

import streamlit as st

from gan_core.export import onnx, snippet
from gan_core.runs import Run
from gan_core.translation import _
from pages.shared.latent_point import Point


def draw(point: Point, seed: int | None = None) -> None:
    """The lines, with a button that copies them. If z is what `seed` draws but for a few coordinates, they say so."""
    model = point.model
    st.code(snippet.lines_of(model, point.z, point.y, seed), language="python")
    st.caption(_("This code draws exactly this sample, pixel for pixel. Run it in the folder of this project."))
    run, reason = model.run, onnx.why_not()
    st.download_button(
        _("The generator as ONNX"),
        lambda: _onnx(str(run.folder), run.weights.name if run.weights else ""),
        f"{model.run.id}.onnx",
        "application/octet-stream",
        on_click="ignore",
        icon=":material/download:",
        key=f"onnx-{model.run.id}",
        disabled=reason is not None,
        help=_("For programs without PyTorch: onnxruntime, browsers, phones. Making the file takes some seconds."),
    )
    if reason:
        st.info(reason, icon=":material/info:")
    sentences = [_("Input: z [n, {size}], drawn from {prior}.").format(size=model.prior.size, prior=model.prior)]
    if model.variant.classes:
        sentences.append(_("Second input: y [n, {k}], the shares of the classes.").format(k=model.variant.classes))
    if model.variant.kind == "images":
        low, high = model.G.pixels
        sentences.append(_("Output: images from {low:g} (black) to {high:g} (white).").format(low=low, high=high))
    else:
        sentences.append(_("Output: curves."))
    st.caption(" ".join(sentences))


@st.cache_data(max_entries=8, show_spinner=False)
def _onnx(folder: str, weights: str) -> bytes:
    # The name of the weights is part of the key: a run that trains on has another generator.
    return onnx.encode_apart(Run(folder))
