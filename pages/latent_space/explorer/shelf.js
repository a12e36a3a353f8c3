// What is kept: places before this one, pins, and the way from one place to another.
import { _, ngettext } from "../../shared/words.js"
import { small, thumb } from "./drawing.js"
import { generate } from "./engine.js"
import { change, mention, open, pace, propose, walk } from "./moves.js"
import { anchors } from "./pad.js"
import { START, anchored, between, encode, round, stored } from "./place.js"

const PAST = 10,
  PINS = 12,
  FRAMES = 9,
  FINE = 12 // places in the history; pins; pictures of a film; samples between two pins

const stand = (s) => ({ place: s.place, code: encode(s, s.place, true), z: s.z, y: s.y })
const drawer = (s) => `gan-atelier-pins-${s.data.run}`

// A rested hand: the place goes into the history, unless it is already there.
export function remember(s) {
  const here = stand(s)
  if (s.past[s.at]?.code === here.code) return
  s.past = [...s.past.slice(0, s.at + 1), here].slice(-PAST - 1)
  s.at = s.past.length - 1
}

export function back(s, by) {
  const to = s.past[s.at + by]
  if (!to) return
  walk(s, null)
  s.at += by
  change(s, to.place)
  shelf(s)
}

export function pin(s) {
  const here = stand(s)
  if (s.pins.some((each) => each.code === here.code)) return mention(s, _("This place is pinned already."))
  s.pins = [...s.pins, here].slice(-PINS)
  store(s)
  mention(s, _("Pinned. The pin stays in this browser."))
}

export const plain = ({ z, y }) => ({ z: Array.from(z), y: y && Array.from(y) })
export const tell_pins = (s) => s.tell("pins", { run: s.data.run, pins: s.pins.map(plain) }) // for what the server makes of them

function store(s) {
  tell_pins(s)
  try {
    localStorage.setItem(drawer(s), JSON.stringify(s.pins.map((each) => ({ code: each.code, ...plain(each) }))))
  } catch {
    /* a browser that keeps nothing: the pins last as long as the page */
  }
  shelf(s)
}

export function restore(s) {
  try {
    const kept = JSON.parse(localStorage.getItem(drawer(s)) ?? "[]")
    s.pins = kept
      .filter(({ z, code }) => z.length === s.g.z && z.every(Number.isFinite) && code)
      .map((each) => ({ ...each, z: Float32Array.from(each.z), y: each.y && Float32Array.from(each.y) }))
  } catch {
    s.pins = []
  }
}

export function shelf(s) {
  const card = (each, name, onclick, drop) => {
    const box = document.createElement("div"),
      button = document.createElement("button")
    box.className = drop ? "kept pinned" : "kept"
    box.setAttribute("role", "listitem")
    button.type = "button"
    button.className = "go"
    button.title = name
    button.setAttribute("aria-label", name)
    button.onclick = onclick
    if (!each.picture) thumb(s, s.g, generate(s.g, each.z, each.y), (each.picture = small(28)))
    button.append(each.picture)
    box.append(button)
    if (drop) {
      const remove = document.createElement("button")
      remove.type = "button"
      remove.className = "drop"
      remove.textContent = "×"
      remove.setAttribute("aria-label", _("Remove {name}", { name }))
      remove.onclick = drop
      box.append(remove)
    }
    return box
  }
  s.el.pins.replaceChildren(
    ...s.pins.map((each, k) =>
      card(
        each,
        _("pin {n}", { n: k + 1 }),
        () => {
          walk(s, null)
          each.place ? propose(s, each.place) : open(s, each.code)
        },
        () => {
          s.pins = s.pins.filter((other) => other !== each)
          store(s)
        },
      ),
    ),
  )
  const ago = (k) => ngettext("{n} step back", "{n} steps back", s.past.length - 1 - k)
  s.el.past.replaceChildren(...s.past.slice(0, -1).map((each, k) => card(each, ago(k), () => back(s, k - s.at))))
  s.el.shelf.hidden = !s.pins.length && s.past.length < 2
  s.el.undo.disabled = s.at < 1
  s.el.redo.disabled = s.at >= s.past.length - 1
  s.el.loop.disabled = s.pins.length < 2
  anchors(s)
  ends(s)
}

// The menus of the film's two ends.
export function ends(s) {
  const options = [
    ...["A", "B", "C"].map((name) => [name, name]),
    ["here", _("my position")],
    ...s.pins.map((_pin, k) => [`pin${k}`, _("pin {n}", { n: k + 1 })]),
  ]
  for (const [select, usual] of [
    [s.el.from, "A"],
    [s.el.to, "B"],
  ]) {
    const was = select.value || usual
    select.replaceChildren(...options.map(([value, label]) => new Option(label, value)))
    select.value = options.some(([value]) => value === was) ? was : usual
  }
}

function end(s, name) {
  if (name === "here") return stand(s)
  if (name.startsWith("pin")) return s.pins[Number(name.slice(3))]
  return { z: Float32Array.from(anchored(s, s.place.anchors["ABC".indexOf(name)])), y: s.y }
}

// Stands on the way: its ends become A and B, and one stands between them.
function on_the_way(s, from, to, t) {
  const [a, b] = [from, to].map(({ z }) => ({ z: stored(z) })),
    asked = (t < 0.5 ? from : to).place?.asked ?? s.place.asked
  change(s, { ...START, anchors: [a, b, s.place.anchors[2]], asked, u: round(t, 1000) })
}

const mixed = (a, b, t) => (a && b ? a.map((v, k) => (1 - t) * v + t * b[k]) : a)

// The pictures on the way; each can be clicked.
export function film(s) {
  if (!s.el.film.open) return
  const from = end(s, s.el.from.value),
    to = end(s, s.el.to.value)
  s.el.film.querySelector(".strip").replaceChildren(
    ...Array.from({ length: FRAMES }, (_frame, k) => {
      const t = k / (FRAMES - 1),
        button = document.createElement("button"),
        canvas = small(28)
      thumb(s, s.g, generate(s.g, between(s.g, [from.z, to.z], [1 - t, t]), mixed(from.y, to.y, t)), canvas)
      button.type = "button"
      button.setAttribute("aria-label", _("{percent} % of the way", { percent: Math.round(100 * t) }))
      button.onclick = () => {
        walk(s, null)
        on_the_way(s, from, to, t)
      }
      button.append(canvas)
      return button
    }),
  )
}

// A round through all pins, at constant visual speed: the way is measured in pixels, and walked by that measure.
export function loop(s) {
  const pins = s.pins,
    way = []
  for (let k = 0; k < pins.length; k++) for (let f = 0; f < FINE; f++) way.push([pins[k], pins[(k + 1) % pins.length], f / FINE])
  const at = ([a, b, t]) => ({ z: Float32Array.from(between(s.g, [a.z, b.z], [1 - t, t])), y: mixed(a.y, b.y, t) })
  const seen = way.map((each) => {
    const { z, y } = at(each)
    return generate(s.g, z, y).slice()
  })
  const lengths = seen.map((x, k) => Math.sqrt(x.reduce((sum, v, i) => sum + (v - seen[(k + 1) % seen.length][i]) ** 2, 0)) + 1e-6)
  const whole = lengths.reduce((a, b) => a + b, 0)
  let gone = 0
  let here
  walk(
    s,
    (seconds) => {
      gone = (gone + (seconds * pace(s) * whole) / (2 * Math.PI)) % whole
      let k = 0,
        left = gone
      while (left > lengths[k]) left -= lengths[k++]
      const [a, b, t] = way[k]
      here = [a, b, Math.min(1, t + left / lengths[k] / FINE)]
      s.shown = at(here)
    },
    s.el.loop,
    () => here && on_the_way(s, ...here),
  )
}
