// The pad: the plane through three anchors, which stand on a circle. Behind it a map of what G makes there, drawn in idle moments.
import { crisp, style } from "../../shared/canvas.js"
import { _ } from "../../shared/words.js"
import { now, sampled, small, thumb } from "./drawing.js"
import { change, pace, propose, rest, walk } from "./moves.js"
import { anchored, encode, round, stored } from "./place.js"

const CELLS = 9,
  RADIUS = 0.6,
  SNAP = 14 // cells of the map a side; the circle's radius in half pads; CSS pixels within which an anchor catches
export const IDLE = 5 // ms a frame may spend on the map and the small pictures
const CORNERS = [210, 330, 90].map((degrees) => (degrees * Math.PI) / 180).map((a) => [RADIUS * Math.cos(a), -RADIUS * Math.sin(a)]) // y points down

const position = ({ u, v }) => [0, 1].map((k) => CORNERS[0][k] + u * (CORNERS[1][k] - CORNERS[0][k]) + v * (CORNERS[2][k] - CORNERS[0][k]))
function weights([x, y]) {
  // the u and v of a position on the pad
  const [a, b, c] = CORNERS,
    bx = b[0] - a[0],
    by = b[1] - a[1],
    cx = c[0] - a[0],
    cy = c[1] - a[1],
    det = bx * cy - by * cx
  x = Math.max(-1, Math.min(1, x)) - a[0]
  y = Math.max(-1, Math.min(1, y)) - a[1]
  return { u: round((x * cy - y * cx) / det, 1000), v: round((bx * y - by * x) / det, 1000) }
}

export function drawPad(s) {
  const side = s.el.pad.clientWidth,
    css = style(s),
    context = crisp(s.el.map, side, side),
    half = side / 2
  const to = ([x, y]) => [half + x * half, half + y * half],
    curves = s.g.kind === "curves",
    ink = curves ? css("--st-text-color") : "#ffffff"
  context.imageSmoothingEnabled = false
  if (s.cells) {
    context.globalAlpha = 0.5
    for (const { canvas, at } of s.cells.filter((cell) => cell.canvas)) {
      const [x, y] = to(at),
        c = side / CELLS
      context.drawImage(canvas, x - c / 2 + 1, y - c / 2 + 1, c - 2, c - 2)
    }
  }
  context.globalAlpha = 0.5
  context.strokeStyle = ink
  context.lineWidth = 1
  context.setLineDash([3, 4])
  context.beginPath()
  context.arc(half, half, RADIUS * half, 0, 7)
  context.stroke()
  context.setLineDash([])
  context.globalAlpha = 1
  const r = Math.max(18, side * 0.055)
  CORNERS.forEach((corner, k) => {
    const [x, y] = to(corner)
    context.fillStyle = curves ? css("--st-background-color") : "#000000"
    context.beginPath()
    context.roundRect(x - r, y - r, 2 * r, 2 * r, 6)
    context.fill()
    if (s.corners?.[k]) context.drawImage(s.corners[k], x - r + 2, y - r + 2, 2 * r - 4, 2 * r - 4)
    context.strokeStyle = ink
    context.lineWidth = 1.5
    context.beginPath()
    context.roundRect(x - r, y - r, 2 * r, 2 * r, 6)
    context.stroke()
    context.font = `600 13px ${css("--st-font")}`
    context.textAlign = "center"
    context.fillStyle = ink
    context.fillText("ABC"[k], x, y + (k === 2 ? -r - 6 : r + 16))
  })
  const [x, y] = to(position(s.place))
  context.beginPath()
  context.arc(x, y, 9, 0, 7)
  context.fillStyle = css("--st-primary-color")
  context.fill()
  context.lineWidth = 3
  context.strokeStyle = "#ffffff"
  context.stroke()
  context.beginPath()
  context.arc(x, y, 11, 0, 7)
  context.lineWidth = 1
  context.strokeStyle = "#000000"
  context.stroke()
}

// Which of the small pictures are out of date: all, where the plane or what is added to it changed.
export function plan(s) {
  const signature = encode(s, { ...s.place, u: 0, v: 0 }, true)
  if (s.signature === signature) return
  s.signature = signature
  s.corners ??= [small(28), small(28), small(28)]
  s.cells ??= Array.from({ length: CELLS * CELLS }, (_, i) => ({
    at: [(2 * (i % CELLS) + 1) / CELLS - 1, (2 * Math.floor(i / CELLS) + 1) / CELLS - 1],
  }))
  const near = (cell) => Math.hypot(...cell.at)
  s.tasks = [
    ...[
      [0, 0],
      [1, 0],
      [0, 1],
    ].map(([u, v], k) => ({ u, v, canvas: s.corners[k] })),
    ...[...s.cells].sort((a, b) => near(a) - near(b)).map((cell) => ({ ...weights(cell.at), cell })),
  ]
}

// Draws small pictures for some milliseconds; true if some are left.
export function idle(s, until) {
  while (s.tasks?.length && now() < until) {
    const { u, v, cell, canvas } = s.tasks.shift()
    thumb(s, s.g, sampled(s, { ...s.place, u, v }), canvas ?? (cell.canvas ??= small(28)))
  }
  return Boolean(s.tasks?.length)
}

function go(s, x, y) {
  const side = s.el.pad.clientWidth,
    close = CORNERS.findIndex((corner) => (Math.hypot(corner[0] - x, corner[1] - y) * side) / 2 < SNAP)
  change(s, close < 0 ? weights([x, y]) : { u: close === 1 ? 1 : 0, v: close === 2 ? 1 : 0 })
}

export function listen(s) {
  const pad = s.el.pad
  const point = (event) => {
    const box = pad.getBoundingClientRect()
    return [(2 * (event.clientX - box.left)) / box.width - 1, (2 * (event.clientY - box.top)) / box.height - 1]
  }
  pad.onpointerdown = (event) => {
    if (event.button) return
    walk(s, null)
    s.down = true
    pad.setPointerCapture(event.pointerId)
    s.since = event.timeStamp
    go(s, ...point(event))
  }
  pad.onpointermove = (event) => {
    if (s.down) {
      s.since ??= event.timeStamp
      go(s, ...point(event))
    }
  }
  pad.onpointerup = pad.onpointercancel = () => {
    if (s.down) {
      s.down = false
      rest(s)
    }
  }
  pad.onkeydown = (event) => {
    const far = event.shiftKey ? 0.15 : 0.03,
      [x, y] = position(s.place),
      name = event.key.toLowerCase()
    const step = { arrowleft: [-far, 0], arrowright: [far, 0], arrowup: [0, -far], arrowdown: [0, far] }[name]
    const corner = { a: 0, home: 0, b: 1, end: 1, c: 2 }[name]
    if ((!step && corner === undefined) || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    walk(s, null)
    s.since = event.timeStamp
    change(s, step ? weights([x + step[0], y + step[1]]) : { u: corner === 1 ? 1 : 0, v: corner === 2 ? 1 : 0 })
  }
}

// Round the circle through A, B and C, from the nearest point of it.
export function round_the_circle(s) {
  const [x, y] = position(s.place)
  let angle = Math.atan2(y, x)
  walk(
    s,
    (seconds) => {
      angle += seconds * pace(s)
      change(s, weights([RADIUS * Math.cos(angle), RADIUS * Math.sin(angle)]))
    },
    s.el.play,
  )
}

// The menus of the anchors: another seed, the place where one stands, a pin, a direction.
export function anchors(s) {
  const options = (k) => [
    ["", s.place.anchors[k].z ? _("stored place") : _("seed {seed}", s.place.anchors[k])],
    ["seed", _("another seed")],
    ["here", _("my position")],
    ...s.pins.map((_pin, i) => [`pin${i}`, _("pin {n}", { n: i + 1 })]),
    ...(k ? s.data.directions.filter((d) => !d.name.startsWith("SeFa")).map((d) => [`along${d.name}`, `A + ${d.title}`]) : []),
  ]
  const text = JSON.stringify([0, 1, 2].map(options))
  if (s.anchorsText === text) return
  s.anchorsText = text
  s.el.anchors.replaceChildren(
    ...[0, 1, 2].map((k) => {
      const box = document.createElement("div"),
        button = document.createElement("button"),
        select = document.createElement("select")
      box.className = "anchor"
      button.type = "button"
      const anchor = "ABC"[k]
      button.textContent = anchor
      button.title = _("Go to {anchor}", { anchor })
      button.setAttribute("aria-label", _("Go to {anchor}", { anchor }))
      button.onclick = () => {
        walk(s, null)
        change(s, { u: k === 1 ? 1 : 0, v: k === 2 ? 1 : 0 })
      }
      select.setAttribute("aria-label", _("What {anchor} is", { anchor }))
      select.append(...options(k).map(([value, label]) => new Option(label, value)))
      select.onchange = () => {
        walk(s, null)
        set_anchor(s, k, select.value)
      }
      box.append(button, select)
      return box
    }),
  )
}

function set_anchor(s, k, value) {
  let anchor
  if (value === "seed") anchor = { seed: Math.floor(Math.random() * 10000) }
  else if (value === "here") anchor = { z: stored(s.z) }
  else if (value.startsWith("pin")) anchor = { z: stored(s.pins[Number(value.slice(3))].z) }
  else {
    const { vector, high } = s.data.directions.find((d) => d.name === value.slice(5)),
      a = anchored(s, s.place.anchors[0])
    anchor = { z: stored(a.map((v, i) => v + high * vector[i])) }
  }
  s.anchorsText = ""
  propose(s, { ...s.place, anchors: s.place.anchors.map((old, i) => (i === k ? anchor : old)) })
}
