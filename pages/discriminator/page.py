"""What does the discriminator see? Ask it about a digit, test it as a classifier, play against it."""

import streamlit as st

from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.trained import scores
from gan_core.translation import N_, _
from pages.discriminator import answer_bars, classifier, quiz, saliency, score_cards
from pages.shared import digit_input, models, run_picker, terms, visitors

VIEWS = {"ask": N_("Ask D"), "classifier": N_("D as a classifier"), "quiz": N_("Real or fake?")}

SHOW = "show"  # the query parameter


def remember() -> None:
    """Puts the chosen view into the address."""
    st.query_params[SHOW] = st.session_state["view"]


def reader() -> Run | None:
    """The SSGAN whose D answers: the shipped one."""
    return next(
        (run for run in run_picker.shipped() if run.config.settings.objective.names_classes and run.config.recipe == "stable"), None
    )


@st.fragment
def ask() -> None:
    """A digit, and what everybody says of it; a stroke redraws only this."""
    run = reader()
    left, right = st.columns([2, 3], gap="large")
    with left:
        digit = digit_input.ask()
    with right:
        answers, judged = None, None
        if digit is not None:
            judged = scores.judged(digit.digit)
            try:
                answers = scores.answers(models.opened(run), digit.digit) if run else None
            except AtelierError as error:
                st.error(str(error), icon=":material/error:")
        if run is None:
            st.info(_("This copy of the project has no SSGAN, so only the judge answers."), icon=":material/info:")
        answer_bars.draw(answers, judged, digit.revision if digit else 0)
        terms.caption(
            _(
                "SSGAN's [[D|discriminator]] learned to tell real digits from generated ones, and to name the real ones. Its "
                "eleventh answer is “fake”. The [[judge]] is a fixed classifier of real digits. Most measures of quality here use it. "
                "It cannot answer “fake”."
            )
        )
    if digit is None or judged is None:
        return
    if digit.prepared is not None:
        st.subheader(_("What the networks see"))
        digit_input.steps(digit.prepared)
    if digit.resting:
        rest(digit, answer_bars.best(judged))


def rest(digit: digit_input.Asked, read_as: int) -> None:
    """What takes longer, and waits until the pen is lifted."""
    st.subheader(_("How real is it?"))
    terms.caption(
        _(
            "The purple line is this digit. Grey shows how each D scores real digits, orange how it scores samples of its own "
            "[[generator]]. Every D has its own scale. So do not compare the scores: compare where the line stands."
        )
    )
    score_cards.draw(digit.digit, read_as)
    st.subheader(_("Where does D look?"))
    saliency.draw(digit.digit, read_as)


st.title(_("What does the discriminator see?"))
choice = st.query_params.get(SHOW, "quiz" if quiz.QUIZ in st.query_params else "ask")
st.session_state["view"] = choice if choice in VIEWS else "ask"
view = st.segmented_control(
    _("View"), list(VIEWS), format_func=lambda v: _(VIEWS[v]), key="view", required=True, on_change=remember, label_visibility="collapsed"
)
if view == "classifier":
    classifier.draw()
    classifier.few_labels()
elif view == "quiz":
    quiz.draw()
else:
    ask()
visitors.remember()
