// One slider for both runs: a position is a step, and each side shows its newest picture up to there, and what was said of it then.
import { make } from "../../shared/elements.js"
import { playOn } from "../../shared/player.js"
import { _ } from "../../shared/words.js"
import { curves, empty } from "../run/stage_drawing.js"
import { fit, framesOf, isKnown, receive, stepsOf, tellServer } from "../run/stage_frames.js"
import { number } from "../run/stage_numbers.js"
import { upTo } from "./pair_numbers.js"

const POSITIONS_A_SECOND = 6
const sidesOf = (source) => ["broken", "cure"].map((role) => [role, source[role]])

export function takeSides(s) {
  for (const source of Object.values(s.data.sources))
    for (const [, side] of sidesOf(source)) receive(framesOf(side.run), side.steps, side.frames, s.redraw)
}

const stepsHere = (side) => stepsOf(framesOf(side.run))

// The steps at which something changes: those of the pictures that are here, of both runs.
export function positions(s) {
  const steps = sidesOf(s.data.sources[s.source]).flatMap(([, side]) => stepsHere(side))
  return [...new Set(steps)].sort((a, b) => a - b)
}

const allHere = (s) =>
  sidesOf(s.data.sources[s.source]).every(([, side]) => side.steps.length && side.steps.every((step) => framesOf(side.run).has(step)))

export function showSides(s) {
  const source = s.data.sources[s.source],
    steps = positions(s)
  for (const [role, data] of sidesOf(source)) {
    const view = s.sides[role]
    view.data = data
    view.root.classList.toggle("curves", data.kind === "curves")
    s.root.style.setProperty("--tall", data.kind === "curves" ? 1 : data.grid.rows / data.grid.columns)
    const step = upTo(stepsHere(data), s.at)
    const frame = framesOf(data.run).get(step)
    if (frame?.fake) curves(view, frame)
    else if (frame?.image?.naturalWidth) {
      fit(view, frame.image.naturalWidth, frame.image.naturalHeight)
      view.picture.getContext("2d").drawImage(frame.image, 0, 0)
    } else empty(view)
    view.picture.setAttribute("aria-label", _("{what} after {step} steps", { what: data.alt, step: number(step ?? 0) }))
    view.root.dataset.step = step ?? ""
    const said = upTo(data.verdicts, s.at, (verdict) => verdict.step)
    Object.assign(view.verdict.dataset, { level: said?.level ?? "grey", step: said?.step ?? "" })
    view.level.textContent = said?.word ?? ""
    view.sentence.textContent = said?.sentence ?? data.waiting
    view.verdict.title = said?.sentence ?? ""
    showLabel(s, view, role, data)
  }
  const index = Math.max(0, steps.indexOf(upTo(steps, s.at)))
  s.$scrub.max = Math.max(0, steps.length - 1)
  s.$scrub.value = index
  s.$scrub.style.setProperty("--done", `${(100 * index) / Math.max(1, steps.length - 1)}%`)
  s.$scrub.setAttribute("aria-valuetext", _("step {step}", { step: number(s.at) }))
  s.$step.textContent = _("step {step}", { step: number(s.at) })
  s.root.dataset.step = s.at
  s.root.dataset.source = s.source
  ;(window.ganAtelierStep ??= {})[s.data.key] = s.at
  window.dispatchEvent(new CustomEvent("gan-atelier-step", { detail: { run: s.data.key } }))
}

function showLabel(s, view, role, data) {
  const told = JSON.stringify([data.label, s.source, s.data.recorded])
  if (view.label.dataset.told === told) return
  view.label.dataset.told = told
  const parts = [make("span", data.label)]
  if (s.source === "recorded") parts.push(make("span", s.data.recorded, { className: "recorded" }))
  const alone = { className: "alone", type: "button", onclick: () => s.act("open", [s.source, role]) }
  view.label.replaceChildren(...parts, make("button", _("Open alone"), alone))
}

// To a step; at the last one a run that trains is followed from then on.
export function goToStep(s, step, byHand = true) {
  const steps = positions(s)
  s.at = step
  const last = step >= steps[steps.length - 1]
  if (byHand) s.follow = last && !s.playing
  const ended = s.source === "recorded" || !s.data.live
  if (last && ended && allHere(s) && steps.length > 1 && (byHand || s.answer !== null)) s.revealed = true
}

// Plays from the beginning where it stands at the end; waits until all pictures are here.
export function playPair(s, on) {
  playOn(s, s.$play, on, {
    wait: () => (allHere(s) ? 1000 / (POSITIONS_A_SECOND * Number(s.$speed.value)) : Number.POSITIVE_INFINITY),
    next: () => {
      const all = positions(s),
        next = all.find((step) => step > s.at)
      if (next === undefined) playPair(s, false)
      goToStep(s, next ?? all[all.length - 1])
      s.redraw()
    },
  })
  if (!on) return
  const steps = positions(s)
  if (s.at >= steps[steps.length - 1]) s.at = steps[0] ?? 0
  s.follow = false
  s.redraw()
}

export function wireDeck(s, gone) {
  const seekStep = (step) => {
    playPair(s, false)
    goToStep(s, step)
    s.redraw()
  }
  s.$play.setAttribute("aria-label", _("Play"))
  s.$speed.setAttribute("aria-label", _("Speed"))
  s.$scrub.setAttribute("aria-label", _("Step of both trainings"))
  s.$play.onclick = () => playPair(s, !s.playing)
  s.$scrub.oninput = () => seekStep(positions(s)[Number(s.$scrub.value)] ?? 0)
  const seekTo = ({ detail }) => {
    const steps = positions(s)
    if (detail.run === s.data?.key && steps.length)
      seekStep(steps.reduce((best, step) => (Math.abs(step - detail.step) < Math.abs(best - detail.step) ? step : best)))
  }
  window.addEventListener("gan-atelier-seek", seekTo, { signal: gone })
}

// Tells the server which pictures are here, of all runs, if it does not know.
export function askForSides(s, setStateValue) {
  tellServer(s, setStateValue, () => {
    const sides = Object.values(s.data.sources).flatMap((source) => sidesOf(source).map(([, side]) => side))
    if (sides.every((side) => isKnown(stepsHere(side), side.known))) return null
    return Object.fromEntries(sides.map((side) => [side.run, stepsHere(side)]))
  })
}
