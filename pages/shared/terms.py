"""The glossary: terms of the field, each explained in two lines, that open at a tap, a click or the Enter key where a text marks them.

In a text a term stands in double brackets, as itself or behind a bar: "Each sample has its own [[latent vector]]", "[[z|latent vector]] is
drawn anew". Mark a term where a page uses it first. Explanations are the browser's own popovers: they need no script, stand above
everything, and close with Escape or a click elsewhere. terms.js does the same in components, which get the explanations as data.
"""

from __future__ import annotations

import re
import zlib
from html import escape

import streamlit as st

from gan_core.translation import N_, _
from pages.shared.html import Markup, element

TERMS = {
    N_("adversarial"): N_("Two networks that learn against each other: what is good for one is bad for the other."),
    N_("batch"): N_("The samples that the networks see together in one update."),
    N_("class"): N_("A kind of data with a name, such as the digit 7. A conditional GAN draws the class that you ask for."),
    N_("clipping"): N_("After each update the weights of the critic are cut to a small range. This limits its slope."),
    N_("conditional"): N_("A conditional GAN is told a class together with the random numbers. So you can ask it for a digit."),
    N_("coverage"): N_("The share of real images that have a sample near them. A low coverage means that samples lack variety."),
    N_("critic"): N_("A discriminator whose output is no probability, as in WGAN. Only differences between its values mean something."),
    N_("discriminator"): N_("The network D. It sees real and generated samples and learns to tell them apart."),
    N_("generator"): N_("The network G. It turns random numbers z into a sample, such as the picture of a digit."),
    N_("gradient penalty"): N_("A term in D's loss that limits how steep D is. It makes the training more stable."),
    N_("judge"): N_("A classifier of real digits that was trained beforehand and never changes. Most measures of quality here use it."),
    N_("kid1k"): N_("The distance between 1,000 samples and as many real images, as the judge sees them. 0 is perfect."),
    N_("latent space"): N_("The space of all latent vectors z. When z moves a little, the sample changes a little."),
    N_("latent vector"): N_("The random numbers z that G starts from. Each z gives one sample."),
    N_("learning rate"): N_("How far each update moves the weights of a network."),
    N_("logit"): N_("The output of D before it becomes a probability. 0 means 1/2, a positive value means “more likely real”."),
    N_("loss"): N_("The number that a network learns to make small. In a GAN, a lower loss does not mean better samples."),
    N_("mode collapse"): N_("G draws nearly the same sample from every z. The variety of the data is lost."),
    N_("moving average"): N_("The mean of G's weights over its last updates. It usually draws calmer samples than the newest weights."),
    N_("objective"): N_("What the two networks learn to do, written as a loss for each."),
    N_("precision"): N_("The share of samples that look like real images."),
    N_("prior"): N_("The distribution that z is drawn from, for example the normal distribution N(0, 1) for each coordinate."),
    N_("probe"): N_("A measurement of the samples and the gradients while the training goes on. It does not change the training."),
    N_("recall"): N_("The share of real images that look like samples."),
    N_("recipe"): N_("All settings of a training. “Published” follows the source. “Stable” is tuned to train reliably."),
    N_("seed"): N_("The number that random numbers start from. The same seed gives the same random numbers."),
    N_("semi-supervised"): N_("Only some training images have labels. D learns from the others only that they are real."),
    N_("snapshot"): N_("The samples that G drew at one step, kept with the numbers of that step."),
    N_("step"): N_("One round of the training, in which both networks are updated."),
    N_("truncation"): N_("z is moved towards the centre of the prior. Samples become more typical and less varied."),
    N_("weights"): N_("The numbers in a network that training changes."),
}
"term -> what it means, in at most two lines"
LONGEST = 130  # characters: two lines of a card on a projector, three on a telephone
_MARK = re.compile(r"\[\[([^\]|]+)(?:\|([^\]]+))?\]\]")
_WORD = (
    "padding:0;border:0;background:none;color:inherit;font:inherit;cursor:pointer;"
    "text-decoration:underline dotted;text-underline-offset:.2em"
)
_CARD = (
    "position:fixed;inset:auto 0 1rem;margin:0 auto;width:fit-content;max-width:min(40rem,calc(100vw - 2rem));box-sizing:border-box;"
    "font-weight:400;padding:.8rem 1rem;border:1px solid #868c98;border-radius:.5rem;background:#1f2229;color:#fff;font-size:1.125rem;"
    "line-height:1.4;text-align:left;white-space:normal"
)


def markdown(text: str) -> None:
    """Shows Markdown in which terms are marked."""
    st.markdown(marked(text), unsafe_allow_html=True)


def caption(text: str) -> None:
    """Shows a caption in which terms are marked."""
    st.caption(marked(text), unsafe_allow_html=True)


def marked(text: str) -> str:
    """The text with its terms as HTML, the rest escaped. Raises KeyError for a term that the glossary lacks."""
    mark = zlib.crc32(text.encode())  # the same at every redraw, so that what is open stays open; another one for another text
    parts, at = [], 0
    for found in _MARK.finditer(text):
        parts += [escape(text[at : found.start()], quote=False), _explained(found[1], found[2] or found[1], mark)]
        at = found.end()
    return "".join([*parts, escape(text[at:], quote=False)])


def glossary(*names: str) -> dict[str, dict[str, str]]:
    """For terms.js: what these terms mean ("cards"), in the visitor's language, and how a term and its card look ("style")."""
    return {"cards": {name: f"{_(name)}: {_(TERMS[name])}" for name in names}, "style": {"word": _WORD, "card": _CARD}}


def _explained(word: str, name: str, mark: int) -> Markup:
    place = f"term-{name.replace(' ', '-')}-{mark:x}"
    return Markup(
        element("button", word, type="button", popovertarget=place, style=_WORD)
        + element("span", element("b", _(name)), ": ", _(TERMS[name]), id=place, popover="auto", role="note", style=_CARD)
    )
