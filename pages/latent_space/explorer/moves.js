// What moves the explorer: every hand, button, walk and address goes through here. What a frame is, and what follows when the hand rests,
// main.js puts into the state as `draw` and `rest`.
import { _ } from "../../shared/words.js"
import { now } from "./drawing.js"
import { decode, fresh, unknown } from "./place.js"

const REST = 250 // ms without a move after which the hand rests

export const rest = (s) => s.rest(s)
export const ask = (s) => {
  s.asked ||= requestAnimationFrame(() => guarded(s, () => s.draw(s)))
}
const say = (s, words) => {
  s.el.notice.textContent = words
  s.el.notice.hidden = !words
}
export const mention = (s, words) => {
  s.el.said.textContent = words
}
export const reset = (s, words = "") => {
  s.place = fresh(s.data)
  say(s, words)
}

// Moves to a place whose anchors are all known.
export function change(s, patch) {
  s.place = { ...s.place, ...patch }
  if (!s.el.notice.hidden) say(s, "")
  ask(s)
  clearTimeout(s.waiting)
  s.waiting = setTimeout(() => rest(s), REST)
}

// Moves to a place some of whose anchors the server may have to draw first: its random numbers are torch's.
export function propose(s, place) {
  const lacking = unknown(s, place)
  if (!lacking.length) {
    s.proposed = null
    change(s, place)
    return
  }
  s.proposed = place
  s.tell(
    "want",
    [...new Set([...place.anchors.map((a) => a.seed), ...s.place.anchors.map((a) => a.seed)])].filter((seed) => seed !== undefined),
  )
}

export function open(s, code) {
  try {
    propose(s, decode(s, code))
  } catch (error) {
    reset(s, _("The place in this address cannot be read: {why}. You see the z of the seed instead.", { why: error.message }))
  }
}

// What goes wrong in here must not leave the visitor without a picture: Python shows the sliders that run on the server.
export function guarded(s, work) {
  try {
    work()
  } catch (error) {
    if (s.broken) return
    s.broken = true
    s.tell("broken", { owner: s.data.owner, why: String(error.message ?? error).slice(0, 200) })
  }
}

// A walk: `move` is called with the seconds since the last frame, until another hand moves or it is held. null holds it.
export function walk(s, move, button = null, held = null) {
  const was = s.walking
  s.walking = move && { move, last: now(), held }
  for (const each of [s.el.play, s.el.loop]) {
    const on = Boolean(move) && each === button
    each.setAttribute("aria-pressed", String(on))
    if (each === s.el.play) {
      each.textContent = on ? "❚❚" : "▶"
      each.setAttribute("aria-label", on ? _("Pause") : _("Walk around the circle"))
    } else each.textContent = on ? _("Pause") : _("Loop through pins")
  }
  if (move) ask(s)
  else if (was) {
    s.shown = null
    was.held?.()
    ask(s)
    rest(s)
  }
}

export const pace = (s) => 0.02 * 1.06 ** Number(s.el.speed.value) // radians a second: 0.02 to 6.8
