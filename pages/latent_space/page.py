"""Explore a generator's latent space: it runs in the browser and follows the hand; when the hand rests, heavier answers follow."""

import streamlit as st

from gan_core.translation import _
from pages.latent_space.explorer import codec, component
from pages.latent_space.tools import directions_job, tabs
from pages.shared import images, latent_controls, links, models, run_picker, run_status, terms

st.title(_("Latent space"))
candidates = run_picker.explorable()
if not candidates:
    st.info(_("There is no trained GAN yet. Train one: after half a minute you can explore it here."), icon=":material/info:")
    links.draw(links.LAB, _("Train one"))
    st.stop()

picker, seeds = st.columns([3, 2], gap="large", vertical_alignment="bottom")
with picker:
    run = run_picker.menu(candidates)
model = models.load(run)
with seeds:
    seed = latent_controls.seed_picker()
comparable = component.runs_with_same_prior(model, candidates)
with st.container(gap=None):
    name = component.send_generator(model)
    others = component.send_others(comparable) if name else []
go = codec.go if name else None


def more(digit: int | None) -> None:
    """Other samples of the same generator."""
    title = model.variant.title
    if model.variant.kind == "images":
        told = _("64 samples from seed {seed}.") if digit is None else _("64 samples of class {digit} from seed {seed}.")
        st.caption(told.format(seed=seed, digit=digit))
        images.png(
            models.grid(run, seed, 64, 16, digit), _("64 samples of {title} from seed {seed}").format(title=title, seed=seed), width=956
        )
    else:
        st.caption(_("16 curves from seed {seed}, over real ones if the run keeps any.").format(seed=seed))
        alt = _("16 curves of {title} from seed {seed}").format(title=title, seed=seed)
        run_status.sampled_curves(latent_controls.many_curves(model, seed), key=f"many-{run.id}", alt=alt)


@st.fragment
def explore() -> None:
    """The explorer and what the server says of the place where the hand rests; a hand that rests redraws only this."""
    point = component.draw(model, seed, name, others, comparable) if name else latent_controls.point(model, seed)
    terms.markdown(models.opinion(model, point.x, point.digit))
    tabs.draw(point, seed, go, component.marks(model), lambda: more(point.digit))


explore()
directions_job.offer(run)
