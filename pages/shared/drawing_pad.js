// A pad to draw a digit on. Strokes are kept in units of the sheet (0 to 100), so that they survive a change of size, and in the page,
// so that they survive a redraw of it. They are sent as a small picture: now and then while the pen is down, and when it is lifted.
import { leaving, stateOf } from "./lifetime.js"
import { _, ngettext, translate } from "./words.js"

const SEND_EVERY = 220 // ms
const SETTLED = 450 // ms after the pen was lifted: a digit often has more than one stroke
const HOPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

const kept = (window.ganAtelierPads ??= new Map()) // pad -> what is on it

function paint(s, canvas, cursor) {
  const ctx = canvas.getContext("2d"),
    { width, height } = canvas,
    unit = width / 100
  ctx.fillStyle = "#000"
  ctx.fillRect(0, 0, width, height)
  if (s.ink.under) {
    ctx.imageSmoothingEnabled = false
    ctx.drawImage(s.ink.under, 0, 0, width, height)
  }
  ctx.strokeStyle = ctx.fillStyle = "#fff"
  ctx.lineCap = ctx.lineJoin = "round"
  for (const { size, points } of s.ink.strokes) {
    ctx.lineWidth = size * unit
    ctx.beginPath()
    ctx.moveTo(points[0][0] * unit, points[0][1] * unit)
    if (points.length === 1) ctx.lineTo(points[0][0] * unit + 0.01, points[0][1] * unit)
    for (let i = 1; i < points.length; i++) ctx.lineTo(points[i][0] * unit, points[i][1] * unit)
    ctx.stroke()
  }
  if (!cursor) return
  const [x, y] = s.cursor
  ctx.strokeStyle = s.pen ? "#f2994a" : "#56b4e9"
  ctx.lineWidth = 3
  ctx.beginPath()
  ctx.arc(x * unit, y * unit, Math.max(6, (Number(s.size.value) * unit) / 2 + 3), 0, 2 * Math.PI)
  ctx.stroke()
}

const empty = (s) => !s.ink.strokes.length && !s.ink.under

function redraw(s) {
  paint(s, s.sheet, s.keyboard)
  s.undo.disabled = !s.ink.strokes.length
  s.clear.disabled = empty(s)
  s.sheet.dataset.strokes = s.ink.strokes.length
  const drawn = empty(s) ? _("Empty.") : ngettext("{n} stroke.", "{n} strokes.", s.ink.strokes.length)
  s.sheet.setAttribute("aria-label", `${s.data.label}. ${drawn} ${s.hint.textContent}`)
}

function send(s, resting) {
  clearTimeout(s.waiting)
  clearTimeout(s.settling)
  s.waiting = 0
  s.sent = performance.now()
  let png = ""
  if (!empty(s)) {
    paint(s, s.large, false)
    const ctx = s.small.getContext("2d")
    ctx.imageSmoothingQuality = "high"
    ctx.drawImage(s.large, 0, 0, s.small.width, s.small.height)
    png = s.small.toDataURL("image/png").split(",")[1]
  }
  s.ink.revision += 1
  s.sheet.dataset.revision = s.ink.revision
  s.set("drawn", { png, revision: s.ink.revision, resting })
  if (resting) return
  const { revision } = s.ink
  s.settling = setTimeout(() => s.down === null && !s.pen && s.set("drawn", { png, revision, resting: true }), SETTLED)
}

// At most one picture in SEND_EVERY while the pen moves; the last move is never left out.
function sendSoon(s) {
  if (s.waiting) return
  s.waiting = setTimeout(() => send(s, false), Math.max(0, SEND_EVERY - (performance.now() - s.sent)))
}

function at(s, e) {
  const box = s.sheet.getBoundingClientRect()
  const inside = (v) => Math.max(0, Math.min(100, v))
  return [inside((100 * (e.clientX - box.left)) / box.width), inside((100 * (e.clientY - box.top)) / box.height)]
}

function finish(s) {
  s.down = null
  redraw(s)
  send(s, false)
}

function change(s, what, words) {
  what()
  s.pen = false
  redraw(s)
  send(s, true)
  s.spoken.textContent = words
}

const undo = (s) => s.ink.strokes.length && change(s, () => s.ink.strokes.pop(), _("Last stroke removed."))
const clear = (s) =>
  !empty(s) &&
  change(
    s,
    () => {
      s.ink.strokes = []
      s.ink.under = null
    },
    _("Cleared."),
  )

function key(s, e) {
  s.sheet.classList.remove("touched")
  const hop = HOPS[e.key]
  if (hop) {
    s.keyboard = true
    const far = e.shiftKey ? 1 : 4
    s.cursor = s.cursor.map((v, i) => Math.max(2, Math.min(98, v + far * hop[i])))
    if (s.pen) {
      s.ink.strokes.at(-1).points.push([...s.cursor])
      sendSoon(s)
    }
  } else if (e.key === " ") {
    s.keyboard = true
    s.pen = !s.pen
    if (s.pen) {
      s.ink.strokes.push({ size: Number(s.size.value), points: [[...s.cursor]] })
      sendSoon(s)
    } else send(s, false)
    s.spoken.textContent = s.pen ? _("Pen down.") : _("Pen lifted.")
  } else if (e.key === "Backspace" || (e.key === "z" && (e.ctrlKey || e.metaKey))) undo(s)
  else if (e.key === "Delete") clear(s)
  else return
  e.preventDefault()
  e.stopPropagation()
  redraw(s)
}

function begin(parentElement) {
  const root = parentElement.querySelector(".pad"),
    s = { cursor: [50, 30], pen: false, keyboard: false, sent: 0, waiting: 0, down: null, put: 0 }
  for (const name of ["sheet", "undo", "clear", "size", "hint", "spoken"]) s[name] = root.querySelector(`.${name}`)
  const canvas = (side) => Object.assign(document.createElement("canvas"), { width: side, height: side })
  s.large = canvas(448)
  s.small = canvas(Number(s.sheet.dataset.side))
  translate(root)
  s.sheet.onpointerdown = (e) => {
    if (s.down !== null || e.button > 0) return // a second finger, or another button
    e.preventDefault()
    s.sheet.focus({ preventScroll: true })
    s.sheet.setPointerCapture(e.pointerId)
    s.down = e.pointerId
    s.keyboard = s.pen = false
    s.sheet.classList.add("touched")
    s.ink.strokes.push({ size: Number(s.size.value), points: [at(s, e)] })
    redraw(s)
    sendSoon(s)
  }
  s.sheet.onpointermove = (e) => {
    if (e.pointerId !== s.down) return
    const points = s.ink.strokes.at(-1).points
    const moves = e.getCoalescedEvents?.() ?? []
    for (const q of moves.length ? moves : [e]) points.push(at(s, q))
    redraw(s)
    sendSoon(s)
  }
  s.sheet.onpointerup = s.sheet.onpointercancel = (e) => e.pointerId === s.down && finish(s)
  s.sheet.onkeydown = (e) => key(s, e)
  s.sheet.onblur = () => {
    if (s.pen) {
      s.pen = false
      send(s, false)
    }
    s.keyboard = false
    redraw(s)
  }
  s.undo.onclick = () => undo(s)
  s.clear.onclick = () => clear(s)
  s.size.oninput = () => redraw(s)
  return s
}

function put(s, { picture, put: number }) {
  s.ink.put = number
  const image = new Image()
  image.onload = () => {
    if (s.ink.put === number)
      change(
        s,
        () => {
          s.ink.strokes = []
          s.ink.under = image
        },
        _("There is a picture on the pad."),
      )
  }
  image.src = `data:image/png;base64,${picture}`
}

export default function ({ data, parentElement, setStateValue }) {
  const s = stateOf(parentElement, begin)
  const fresh = s.calls === 1
  s.set = setStateValue
  s.data = data
  if (!kept.has(data.pad)) kept.set(data.pad, { strokes: [], under: null, revision: 0, put: 0 })
  s.ink = kept.get(data.pad)
  redraw(s)
  if (data.put && data.put !== s.ink.put) put(s, data)
  else if (fresh && !empty(s)) send(s, true) // the page was left and is here again
  return leaving(parentElement, () => {
    clearTimeout(s.waiting)
    clearTimeout(s.settling)
  })
}
