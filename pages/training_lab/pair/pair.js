// Two trainings beside each other, one that fails and its cure: both pictures move under one slider, both runs' curves lie over one another.
// They are shown live, or as a recording of the same pair, which plays at once.
import { leaving, stateOf, watchSize } from "../../shared/lifetime.js"
import { clearPlot, drawPlot } from "../../shared/plot.js"
import { closeLeave, showPairBar, wirePairBar } from "./pair_bar.js"
import { shortened } from "./pair_numbers.js"
import { askForSides, goToStep, playPair, positions, showSides, takeSides, wireDeck } from "./pair_moves.js"
import { showQuestion } from "./pair_question.js"

const PARTS = [
  ...["back", "pause", "stop", "track", "done", "told", "sources", "what", "question", "title"],
  ...["deck", "play", "scrub", "step", "speed", "charts", "over"],
]

function begin(parentElement, gone) {
  const root = parentElement.querySelector(".pair"),
    s = { root, playing: 0, at: 0, follow: false, sides: {} }
  for (const name of PARTS) s[`$${name}`] = root.querySelector(`.${name}`)
  for (const role of ["broken", "cure"]) {
    const side = root.querySelector(`.side.${role}`)
    s.sides[role] = { root: side, frame: side.querySelector(".frame"), picture: side.querySelector(".picture") }
    for (const name of ["label", "verdict", "level", "sentence"]) s.sides[role][name] = side.querySelector(`.${name}`)
  }
  s.plots = Object.fromEntries(
    [...root.querySelectorAll(".box")].map((box) => [box.dataset.chart, { box, place: box.querySelector(".chart") }]),
  )
  s.redraw = () => s.data && showPair(s)
  wirePairBar(s)
  wireDeck(s, gone)
  root.addEventListener("keydown", (event) => event.key === "Escape" && closeLeave(s), { signal: gone })
  watchSize(root, s.redraw, gone)
  return s
}

export function showPair(s) {
  showPairBar(s)
  showSides(s)
  showQuestion(s)
  const narrow = s.root.clientWidth < 640
  const until = s.data.prediction && !s.revealed && !s.follow ? s.at : Number.POSITIVE_INFINITY // the end would give the answer away
  for (const [name, whole] of Object.entries(s.data.sources[s.source].charts)) {
    const { place, box } = s.plots[name]
    const chart = shortened(whole, until)
    const look = { labels: true, ticks: 3, size: narrow ? 12 : 14, room: narrow ? 118 : 150, title: narrow ? chart.brief : chart.title }
    drawPlot(
      place,
      { ...chart, ...look, hover: "x unified", revision: `${s.data.key} ${s.source} ${name}`, follow: s.data.key },
      s.gone.signal,
      box,
    )
  }
}

// Where a visitor begins: with the recording, at its first pictures, if there is a question to answer first; else with what is newest.
function open(s) {
  const { sources, prediction, live } = s.data
  s.source = sources.recorded ? "recorded" : "live"
  s.follow = !prediction || (s.source === "live" && live)
  s.at = 0
  s.answer = null
  s.revealed = false
  closeLeave(s)
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0)
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const s = stateOf(parentElement, begin)
  const other = s.data?.key !== data.key
  s.data = data
  s.act = (what, value = null) => setTriggerValue("act", { what, value, at: Date.now() })
  if (other || !data.sources[s.source]) open(s)
  s.root.classList.toggle("plain", !data.prediction)
  takeSides(s)
  const steps = positions(s)
  if (s.follow && steps.length) goToStep(s, steps[steps.length - 1], false)
  showPair(s)
  askForSides(s, setStateValue)
  return leaving(parentElement, () => {
    playPair(s, false)
    clearTimeout(s.waiting)
    for (const { place } of Object.values(s.plots)) clearPlot(place)
  })
}
