"""Real or fake? The quiz against D: ten images, one after the other, and at the end what was what."""

from __future__ import annotations

import random

import streamlit as st

from gan_core import pictures
from gan_core.digits import quiz, quiz_rooms
from gan_core.digits.quiz import Question
from gan_core.digits.quiz_rooms import Room
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.translation import _
from pages.discriminator import quiz_room
from pages.shared import digit_input, images, models, run_picker, terms, visitors

QUIZ = "quiz"  # the query parameter: the seed
_ANSWERS = "quiz_said"  # session state: ((seed, room), the answers so far)
_KEPT = "quiz_kept"  # session state: room -> does this visitor's score count in it?


def draw() -> None:
    """The start, the presenter's screen, or the game, as the address says."""
    painter = quiz.painter(run_picker.shipped())
    if painter is None:
        st.info(_("The quiz needs a shipped GAN that draws digits. This copy of the project has none."), icon=":material/info:")
        return
    seed, opened = _asked_seed(), quiz_room.from_address()
    if opened is not None:
        seed = opened.seed  # the room says what is played in it, should the link be older
    if seed is None:
        _start()
        return
    if opened is not None and opened.is_of(visitors.me()):
        quiz_room.present(opened, d_score(painter, opened.seed))
        with st.expander(_("Play it too"), icon=":material/sports_esports:"):
            game(painter, seed, opened)
    else:
        game(painter, seed, opened)
    st.button(_("Leave the quiz"), icon=":material/arrow_back:", type="tertiary", on_click=_leave)


def _leave() -> None:
    quiz_room.leave()
    st.query_params.pop(QUIZ, None)


def _start() -> None:
    terms.markdown(
        _(
            "You see ten images. Some are real. The others are by one [[generator]]: early in its training, a little later, or at its end. "
            "Can you tell them apart as well as [[D|discriminator]] can?"
        )
    )
    alone, together = st.columns(2, gap="large")
    with alone, st.container(border=True):
        st.markdown(_("**Alone**"))
        st.caption(_("The address names your ten images. Anyone with this link plays the same ten."))
        st.button(_("Play"), type="primary", icon=":material/play_arrow:", on_click=_begin)
    with together, st.container(border=True):
        st.markdown(_("**In a room**"))
        st.caption(_("Everybody plays the same ten images on a telephone. This screen shows all scores."))
        quiz_room.opening()


def _begin() -> None:
    quiz_room.leave()
    st.query_params[QUIZ] = str(random.randrange(quiz.SEEDS))


def _asked_seed() -> int | None:
    """The seed that the address names; None if it names none, or one that cannot be, which is then said."""
    text = st.query_params.get(QUIZ)
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 7 and int(text) < quiz.SEEDS:
        return int(text)
    told = _("“{text}” is no number of a quiz: these go from 0 to {most:,}. You can start a new one here.")
    st.error(told.format(text=text[:20], most=quiz.SEEDS - 1), icon=":material/link_off:")
    return None


@st.fragment
def game(painter: Run, seed: int, opened: Room | None) -> None:
    """One image at a time; then the result."""
    try:
        questions = _questions(str(painter.folder), seed)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    where = (seed, opened.name if opened else "")
    kept = st.session_state.get(_ANSWERS)
    answers: list[bool] = kept[1] if kept and kept[0] == where else []
    if len(answers) < len(questions):
        _question(questions, answers, where)
    else:
        _result(painter, questions, answers, seed, opened)


def _question(questions: list[Question], answers: list[bool], where: tuple[int, str]) -> None:
    number = len(answers) + 1

    def answer(real: bool) -> None:
        if len(answers) == number - 1:  # a second tap on the same question does not count
            st.session_state[_ANSWERS] = (where, [*answers, real])

    st.progress(len(answers) / len(questions), text=_("Image {number} of {n}").format(number=number, n=len(questions)))
    with st.container(width=300, gap="small"):
        images.array(questions[number - 1].picture, _("Image {number} of the quiz: real or generated?").format(number=number), 280)
        with st.container(horizontal=True):
            st.button(_("Real"), key=f"real-{number}", on_click=answer, args=(True,), icon=":material/edit:", width="stretch")
            st.button(_("Generated"), key=f"fake-{number}", on_click=answer, args=(False,), icon=":material/memory:", width="stretch")


def _result(painter: Run, questions: list[Question], answers: list[bool], seed: int, opened: Room | None) -> None:
    mine, p = quiz.right(questions, answers), d_says(painter, seed)
    its = quiz.right(questions, [v > 0.5 for v in p])
    st.markdown(_("### You: {mine} of {n}. :blue[D]: {its} of {n}.").format(mine=mine, its=its, n=len(questions)))
    st.markdown(_("You beat D.") if mine > its else _("You and D are equally good.") if mine == its else _("D beats you."))
    if opened is not None:
        st.caption(_submitted(opened, mine))
    with st.grid(columns=5, min_column_width=130, gap="small"):
        for question, answer, v in zip(questions, answers, p, strict=True):
            with st.container():
                alt = _("{origin}. You said: {answer}. D's probability of “real”: {p:.0%}.")
                images.array(question.picture, alt.format(origin=question.origin, answer=_word(answer), p=v), 112)
                st.markdown(_("**Real**") if question.real else _("**Generated** :gray[{origin}]").format(origin=question.origin))
                told = _("You: {mark} {answer}  \nD: {d_mark} “real” {p:.0%}")
                marks = {"mark": _mark(answer == question.real), "d_mark": _mark((v > 0.5) == question.real)}
                st.caption(told.format(answer=_word(answer), p=v, **marks))
    st.caption(
        _(
            "The generated images are by {run}, from three times of its training. D is from the end of the training. All images have "
            "{shades} shades of grey, real ones too, so the shades give nothing away."
        ).format(run=run_picker.brief(painter), shades=pictures.SHADES)
    )
    if opened is not None:
        quiz_room.live(opened, its)
    elif st.button(_("Another ten"), icon=":material/casino:"):
        _begin()
        st.rerun()


def _submitted(opened: Room, score: int) -> str:
    """Puts the score into the room, once, and says what became of it."""
    kept: dict[Room, bool] = st.session_state.setdefault(_KEPT, {})
    if opened not in kept:
        try:
            kept[opened] = quiz_rooms.submit(opened.name, opened.seed, visitors.me(), score)
        except AtelierError as error:
            return str(error)
    return _("Your score is in the room.") if kept[opened] else _("Your first score already counts in this room; this one does not.")


def d_score(painter: Run, seed: int) -> int | None:
    """How many of the ten D has right; None if it cannot be asked."""
    try:
        return quiz.right(_questions(str(painter.folder), seed), [v > 0.5 for v in d_says(painter, seed)])
    except AtelierError:
        return None


def d_says(painter: Run, seed: int) -> list[float]:
    """D's probabilities of “real”. Raises AtelierError if it cannot be loaded."""
    return _verdicts(str(painter.folder), painter.weights.name if painter.weights else "", seed)


@st.cache_data(max_entries=256, show_spinner=False)
def _questions(folder: str, seed: int) -> list[Question]:
    return quiz.questions(Run(folder), digit_input.real_digits().pixels, seed)


@st.cache_data(max_entries=256, show_spinner=False)
def _verdicts(folder: str, weights: str, seed: int) -> list[float]:
    return quiz.verdicts(models.opened(Run(folder)), _questions(folder, seed))


def _word(real: bool) -> str:
    return _("real") if real else _("generated")


def _mark(right: bool) -> str:
    return ":green[:material/check:]" if right else ":red[:material/close:]"
