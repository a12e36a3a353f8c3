// A prediction to make first. The answer comes when both trainings have been seen to their end.
import { make } from "../../shared/elements.js"
import { _ } from "../../shared/words.js"
import { playPair } from "./pair_moves.js"

export function showQuestion(s) {
  const { prediction } = s.data
  const told = JSON.stringify([prediction, s.answer, s.revealed])
  if (s.$question.dataset.told === told) return
  s.$question.dataset.told = told
  s.$question.dataset.revealed = String(Boolean(s.revealed))
  if (!prediction) return s.$question.replaceChildren()
  const asked = make("span", _("Broken: {question}", prediction), { className: "asked" })
  const answers = make("span", "", { className: "answers" })
  if (s.revealed || s.answer !== null) asked.textContent = verdictOf(s)
  else
    answers.append(
      ...prediction.answers.map((words, i) => {
        const button = make("button", words, { type: "button", onclick: () => choose(s, i) })
        button.dataset.answer = i
        return button
      }),
    )
  s.$question.replaceChildren(asked, answers)
}

function choose(s, i) {
  s.answer = i
  if (s.source === "recorded" || !s.data.live) playPair(s, true)
  s.redraw()
}

function verdictOf({ data, answer, revealed }) {
  const { question, answers, right } = data.prediction
  if (!revealed) return _("You say: {answer}. Watch what happens.", { answer: answers[answer] })
  if (answer === null) return _("{question} {right}.", { question, right: answers[right] })
  if (answer === right) return _("You said: {answer}. That is right.", { answer: answers[answer] })
  return _("You said: {answer}. What happened: {right}.", { answer: answers[answer], right: answers[right] })
}
