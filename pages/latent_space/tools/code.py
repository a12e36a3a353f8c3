"""Show me the code: the lines of Python that draw exactly this sample again, and the generator as a file for other programs."""

from __future__ import annotations

import streamlit as st

from gan_core.export import onnx, snippet
from gan_core.runs import Run
from pages.shared.latent_point import Point


def draw(point: Point, seed: int | None = None) -> None:
    """The lines, with a button that copies them. If z is what `seed` draws but for a few coordinates, they say so."""
    model = point.model
    st.code(snippet.lines_of(model, point.z, point.y, seed), language="python")
    st.caption("It draws this sample, pixel for pixel, where this project is installed: run it in its folder.")
    run, reason = model.run, onnx.why_not()
    st.download_button(
        "The generator as ONNX",
        lambda: _onnx(str(run.folder), run.weights.name if run.weights else ""),
        f"{model.run.id}.onnx",
        "application/octet-stream",
        on_click="ignore",
        icon=":material/download:",
        key=f"onnx-{model.run.id}",
        disabled=reason is not None,
        help="For programs without PyTorch: onnxruntime, browsers, phones. Takes some seconds to make.",
    )
    if reason:
        st.info(reason, icon=":material/info:")
    y = ", y [n, K], shares of the classes" if model.variant.classes else ""
    low, high = model.G.pixels
    x = f"images from {low:g} (black) to {high:g} (white)" if model.variant.kind == "images" else "curves"
    st.caption(f"Its inputs: z [n, {model.prior.size}], drawn from {model.prior}{y}. Its output: {x}.")


@st.cache_data(max_entries=8, show_spinner=False)
def _onnx(folder: str, weights: str) -> bytes:
    # The name of the weights is part of the key: a run that trains on has another generator.
    return onnx.encode_apart(Run(folder))
