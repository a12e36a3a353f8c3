"""What does the discriminator see? Ask it about a digit, test it as a classifier, play against it."""

import streamlit as st

from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.trained import scores
from pages.discriminator import answer_bars, classifier, quiz, saliency, score_cards
from pages.shared import digit_input, models, run_picker, visitors

VIEWS = {"ask": "Ask it", "classifier": "As a classifier", "quiz": "Real or fake?"}

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
            st.info("No SSGAN comes with this copy of the project: the judge answers alone.", icon=":material/info:")
        answer_bars.draw(answers, judged, digit.revision if digit else 0)
        st.caption(
            "SSGAN's D was trained to tell real digits from generated ones and to name the real ones: its eleventh answer is “fake”. "
            "The judge is the frozen classifier that this project's measures look through; it cannot say “fake”."
        )
    if digit is None or judged is None:
        return
    if digit.prepared is not None:
        st.subheader("What the networks get")
        digit_input.steps(digit.prepared)
    if digit.resting:
        rest(digit, answer_bars.best(judged))


def rest(digit: digit_input.Asked, read_as: int) -> None:
    """What takes longer, and waits until the pen is lifted."""
    st.subheader("How real is it?")
    st.caption(
        "The purple line is this digit; grey how each D scores real digits, orange its own generator's samples. Every D has a scale of "
        "its own, and so the scores themselves cannot be compared: where the line stands among them can."
    )
    score_cards.draw(digit.digit, read_as)
    st.subheader("Where does D look?")
    saliency.draw(digit.digit, read_as)


st.title("What does the discriminator see?")
choice = st.query_params.get(SHOW, "quiz" if quiz.QUIZ in st.query_params else "ask")
st.session_state["view"] = choice if choice in VIEWS else "ask"
view = st.segmented_control(
    "View", list(VIEWS), format_func=VIEWS.__getitem__, key="view", required=True, on_change=remember, label_visibility="collapsed"
)
if view == "classifier":
    classifier.draw()
    classifier.few_labels()
elif view == "quiz":
    quiz.draw()
else:
    ask()
visitors.remember()
