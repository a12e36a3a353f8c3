// The explorer: G runs in the page, so that a moving hand asks nobody. A frame is drawn when the browser is ready for one, and always the
// newest. When the hand rests, z goes to Python.
import { leaving, stateOf, watchSize } from "../../shared/lifetime.js"
import { mark } from "../../shared/terms.js"
import { _, ngettext, translate } from "../../shared/words.js"
import { curve, features, now, shade, small, thumb } from "./drawing.js"
import { engine, generate } from "./engine.js"
import { ask, change, guarded, mention, open, propose, reset, rest, walk } from "./moves.js"
import { IDLE, drawPad, idle, listen, plan, round_the_circle } from "./pad.js"
import { encode, floats, fresh, latent, shares } from "./place.js"
import { back, film, loop, pin, plain, remember, restore, shelf, tell_pins } from "./shelf.js"
import { classes, coordinates, directions, sync } from "./sliders.js"

const TIDY = 150 // ms after that until the shelf, the film and the address follow

function draw(s) {
  s.asked = 0
  if (!s.root.isConnected || !s.g) return
  const begun = now(),
    walking = s.walking
  if (walking) {
    const seconds = Math.min(0.1, (begun - walking.last) / 1000)
    walking.last = begun
    walking.move(seconds)
    ask(s)
  }
  s.z = latent(s, s.place)
  s.y = shares(s.g, s.place.asked)
  const { z, y } = s.shown ?? s
  s.x = generate(s.g, z, y)
  if (s.g.kind === "images") shade(s.g, s.x, s.el.picture)
  else curve(s, s.x)
  const drawn = now()
  if (s.since !== undefined) {
    ;(s.times ??= []).push(drawn - s.since)
    if (s.times.length > 5000) s.times.shift()
  }
  s.since = undefined
  if (s.el.features.open) features(s)
  plan(s)
  drawPad(s)
  sync(s)
  s.el.reset.disabled = !encode(s, s.place)
  s.root.dataset.frame = Number(s.root.dataset.frame) + 1
  const more = beside(s, z, y, begun + 2 * IDLE + 2),
    left = idle(s, Math.max(now() + 1, begun + 2 * IDLE))
  if (more || left)
    s.later ||= requestAnimationFrame(() => {
      s.later = 0
      if (!s.asked) guarded(s, () => catch_up(s))
    })
}

// The pictures for which no time was left in the frame of the move.
function catch_up(s) {
  if (!s.root.isConnected) return
  const { z, y } = s.shown ?? s,
    more = beside(s, z, y, now() + IDLE),
    left = idle(s, now() + 2 * IDLE)
  drawPad(s)
  if (more || left)
    s.later ||= requestAnimationFrame(() => {
      s.later = 0
      if (!s.asked) guarded(s, () => catch_up(s))
    })
  else s.root.dataset.settled = s.root.dataset.frame
}

// The same z through other generators, as many as time allows, each in its turn; true if some are left.
function beside(s, z, y, until) {
  if (!s.el.others.open || !s.data.others.length) return false
  if (s.besideOf !== z) {
    s.besideOf = z
    s.besideLeft = s.data.others.length
  }
  while (s.besideLeft > 0) {
    if (now() >= until) return true
    s.turn = ((s.turn ?? -1) + 1) % s.data.others.length
    s.besideLeft--
    const g = engine(s.data.others[s.turn].name),
      figure = s.el.others.querySelector(".row").children[s.turn]
    if (!g) continue
    const own = g.classes ? (y && y.length === g.classes ? y : shares(g, [s.data.digit % g.classes, 0, 0])) : null
    thumb(s, g, generate(g, z, own), figure.firstChild)
  }
  return false
}

function others(s) {
  const { agreeing, others: chosen } = s.data,
    names = chosen.map(({ run }) => run)
  s.el.others.hidden = !agreeing.length
  s.el.others.querySelector(".choices").replaceChildren(
    ...agreeing.map(({ run, title }) => {
      const chip = document.createElement("button"),
        on = names.includes(run)
      chip.type = "button"
      chip.textContent = title
      chip.setAttribute("aria-pressed", String(on))
      chip.onclick = () => s.tell("beside", on ? names.filter((name) => name !== run) : [...names, run])
      return chip
    }),
  )
  s.el.others.querySelector(".row").replaceChildren(
    ...s.data.others.map(({ title, classes }) => {
      const figure = document.createElement("figure"),
        caption = document.createElement("figcaption"),
        canvas = small(28)
      caption.textContent = classes && !s.g.classes ? _("{title}, class {digit}", { title, digit: s.data.digit }) : title
      canvas.setAttribute("role", "img")
      canvas.setAttribute("aria-label", _("The same z, drawn by {title}", { title }))
      figure.append(canvas, caption)
      return figure
    }),
  )
  s.besideOf = null
}

// The hand rests: the place goes into the history, into the address and to Python.
function rested(s) {
  clearTimeout(s.waiting)
  if (s.down || s.walking || s.proposed || !s.g || s.broken) return
  guarded(s, () => {
    if (s.asked) {
      cancelAnimationFrame(s.asked)
      draw(s)
    }
    const code = encode(s, s.place),
      said = `${s.data.owner} ${encode(s, s.place, true)}`
    if (s.said !== said) s.tell("point", { owner: s.data.owner, code, ...plain(s) })
    s.said = said
    remember(s)
    clearTimeout(s.later_still)
    s.later_still = setTimeout(
      () =>
        guarded(s, () => {
          // what the hand does not wait for, once Python's question is out
          if (!s.root.isConnected) return
          put(code)
          shelf(s)
          film(s)
          words(s)
          s.root.dataset.code = code
        }),
      TIDY,
    )
  })
}

// Puts the place into the address, without a step in the browser's history for each.
function put(code) {
  const address = new URL(window.location.href)
  code ? address.searchParams.set("place", code) : address.searchParams.delete("place")
  if (address.href !== window.location.href) window.history.replaceState(window.history.state, "", address)
}

function words(s) {
  const { u, v, psi, moves, along } = s.place,
    parts = []
  const corner = [
    [0, 0],
    [1, 0],
    [0, 1],
  ].findIndex(([p, q]) => p === u && q === v)
  const anchor = "ABC"[corner]
  parts.push(
    corner < 0
      ? _("At {u}, {v} in the plane", { u: u.toFixed(3), v: v.toFixed(3) })
      : s.place.anchors[corner].z
        ? _("At {anchor}", { anchor })
        : _("At {anchor}, the z of seed {seed}", { anchor, seed: s.place.anchors[corner].seed }),
  )
  if (psi !== 1) parts.push(`ψ ${psi.toFixed(2)}`)
  for (const [name, amount] of Object.entries(along)) parts.push(`${name} ${amount > 0 ? "+" : ""}${amount.toFixed(2)}`)
  const n = Object.keys(moves).length
  if (n) parts.push(ngettext("{n} coordinate changed", "{n} coordinates changed", n))
  s.el.said.textContent = parts.join(" · ")
  const drawn = s.g.kind === "images" ? _("Image by {title} from this z.", s.data) : _("Curve by {title} from this z.", s.data)
  s.el.picture.setAttribute("aria-label", [drawn, `${parts.join(", ")}.`, ...(s.g.classes ? [asked(s)] : [])].join(" "))
}

function asked(s) {
  const [first, second, share] = s.place.asked
  if (!share) return _("Class {first}.", { first })
  return _("Class {first}, with {share} % of class {second}.", { first, second, share: Math.round(100 * share) })
}

async function link(s) {
  rest(s)
  put(encode(s, s.place))
  const address = new URL(window.location.href)
  if (!address.searchParams.has("run")) address.searchParams.set("run", s.data.run)
  address.searchParams.set("seed", s.data.seed)
  try {
    await navigator.clipboard.writeText(address.href)
    mention(s, _("The link is copied. It opens exactly this."))
  } catch {
    mention(s, _("This link opens exactly this: {link}", { link: address.href }))
  }
}

function begin(parentElement, gone) {
  const root = parentElement.querySelector(".explorer"),
    s = { root, draw, rest: rested, el: {}, place: null, pins: [], past: [], at: -1 }
  for (const name of [
    "notice",
    "picture",
    "said",
    "undo",
    "redo",
    "pin",
    "link",
    "reset",
    "pad",
    "map",
    "anchors",
    "play",
    "speed",
    "why",
    "shelf",
    "pins",
    "past",
    "asked",
    "word",
    "second",
    "share",
    "truncating",
    "psi",
    "coordinates",
    "before",
    "shown",
    "after",
    "restore",
    "directions",
    "film",
    "from",
    "to",
    "loop",
    "others",
    "features",
  ])
    s.el[name] = root.querySelector(`.${name}`)
  const { el } = s
  translate(root)
  listen(s)
  el.undo.onclick = () => back(s, -1)
  el.redo.onclick = () => back(s, 1)
  el.pin.onclick = () => pin(s)
  el.link.onclick = () => link(s)
  el.reset.onclick = () => {
    walk(s, null)
    change(s, fresh(s.data))
  }
  el.play.onclick = () => (s.walking ? walk(s, null) : round_the_circle(s))
  el.loop.onclick = () => (s.walking ? walk(s, null) : guarded(s, () => loop(s)))
  el.psi.oninput = () => {
    walk(s, null)
    change(s, { psi: Number(el.psi.value) / 100 })
  }
  for (const input of [el.psi, el.share]) input.onchange = () => rest(s)
  el.features.ontoggle = () => ask(s)
  el.others.ontoggle = () => {
    if (el.others.open && !s.data.others.length)
      s.tell(
        "beside",
        s.data.agreeing.slice(0, s.data.most).map(({ run }) => run),
      )
    s.besideOf = null
    ask(s)
  }
  el.film.ontoggle = el.from.onchange = el.to.onchange = () => film(s)
  root.onkeydown = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return
    event.preventDefault()
    back(s, event.shiftKey ? 1 : -1)
  }
  const came = () =>
    guarded(s, () => {
      if (s.g) {
        s.besideOf = null
        ask(s)
      } else take(s, s.data)
    })
  window.addEventListener("gan-atelier-generator", came, { signal: gone })
  watchSize(root, () => ask(s), gone)
  return s
}

function take(s, data) {
  const other = s.data?.owner !== data.owner || !s.g,
    place = s.data?.turn !== data.turn || other
  const found = s.data?.directions.length !== data.directions.length
  s.data = data
  s.drawn = new Map(Object.entries(data.drawn).map(([seed, z]) => [Number(seed), floats(z)]))
  s.g = engine(data.name)
  for (const d of data.directions) if (!d.vector.BYTES_PER_ELEMENT) d.vector = floats(d.vector)
  s.root.classList.toggle("curves", data.kind === "curves")
  if (!s.g) return mention(s, _("Loading the generator …"))
  if (other) {
    const normal = s.g.prior.kind === "normal"
    walk(s, null)
    Object.assign(s, { past: [], at: -1, signature: "", anchorsText: "", said: null, proposed: null, broken: false, shown: null })
    reset(s)
    s.said = `${data.owner} ${encode(s, s.place, true)}` // Python knows where the seed stands
    restore(s)
    if (s.pins.length) tell_pins(s)
    classes(s)
    s.el.why.textContent = normal
      ? _(
          "The prior is normal. Its draws lie near a sphere, and G never saw the inside. So the length of z is kept between A, B and C (slerp).",
        )
      : _("The prior is uniform. Straight lines between A, B and C stay inside it (lerp). Outside the triangle z is clamped to its limits.")
  }
  if (other || found) {
    coordinates(s)
    directions(s)
  }
  others(s)
  const opened = new URL(window.location.href).searchParams.get("place") // newer than what Python knows, where the page was redrawn
  if (place) open(s, s.opened ? data.place : (opened ?? data.place))
  else if (s.proposed) propose(s, s.proposed)
  s.opened = true
  if (!s.proposed) put(encode(s, s.place)) // Streamlit, writing its own part of the address, may have lost ours
  ask(s)
  shelf(s)
  words(s)
}

export default function ({ data, parentElement, setStateValue }) {
  const s = stateOf(parentElement, begin)
  if (s.calls === 1) mark(s.root, data.terms)
  s.tell = setStateValue
  s.root.explorer = s // for measurements
  guarded(s, () => take(s, data))
  return leaving(parentElement, () => {
    for (const timer of [s.waiting, s.later_still]) clearTimeout(timer)
    for (const frame of [s.asked, s.later]) cancelAnimationFrame(frame)
  })
}
