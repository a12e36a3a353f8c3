// What the stage draws by itself: an empty grid, curves of a sample file, and how D's scores are spread.
import { crisp, palette, style } from "../../shared/canvas.js"
import { _ } from "../../shared/words.js"
import { inDigits, known, mean, pieces, rolling, shares, sigmoid } from "./stage_numbers.js"

const BINS = 31
const ROLLING = 5 // points

// The place of the pictures before the first ones come: grey cells, as large and as many as they will be.
export function empty(s) {
  const { columns, rows, cell } = s.data.grid
  const css = style(s)
  if (s.data.kind === "curves") return axes(s)
  const [w, h] = [columns * cell, rows * cell],
    scale = Math.min(s.frame.clientWidth / w, s.frame.clientHeight / h)
  s.picture.width = w
  s.picture.height = h
  s.picture.style.width = `${Math.floor(w * scale)}px`
  s.picture.style.height = `${Math.floor(h * scale)}px`
  const context = s.picture.getContext("2d")
  context.fillStyle = css("--st-border-color")
  for (let i = 0; i < columns * rows; i++) context.fillRect((i % columns) * cell, Math.floor(i / columns) * cell, cell - 2, cell - 2)
}

function axes(s, xs = s.data.grid.x) {
  const box = s.frame,
    width = Math.min(box.clientWidth, Math.round(box.clientHeight * 1.7)),
    height = box.clientHeight,
    css = style(s),
    [low, high] = s.data.range,
    right = xs[xs.length - 1]
  s.picture.style.width = `${width}px`
  s.picture.style.height = `${height}px`
  const context = crisp(s.picture, width, height)
  const px = (x) => 38 + ((width - 46) * (x - xs[0])) / (right - xs[0]),
    py = (y) => 8 + ((height - 34) * (high - y)) / (high - low)
  context.font = `14px ${css("--st-font")}`
  context.fillStyle = css("--st-text-color")
  context.strokeStyle = css("--st-border-color")
  context.lineWidth = 1
  for (const y of s.data.ticks) {
    context.beginPath()
    context.moveTo(38, py(y))
    context.lineTo(width - 8, py(y))
    context.stroke()
    context.textAlign = "right"
    context.fillText(String(y), 32, py(y) + 5)
  }
  context.textAlign = "center"
  for (let x = Math.ceil(xs[0]); x <= right; x++) context.fillText(String(x), px(x), height - 8)
  return { context, px, py, css, clip: [38, 4, width - 46, height - 30], width }
}

// Generated curves, and the real ones dashed on top of them, so that a good fit does not hide what it fits.
export function curves(s, frame) {
  const { context, px, py, css, clip, width } = axes(s, frame.x)
  const colours = palette(css)
  context.save()
  context.beginPath()
  context.rect(...clip)
  context.clip() // a curve beyond the range does not run over the numbers
  const line = (y, colour, w, dash = [], first = 0) => {
    context.beginPath()
    for (const piece of pieces(y))
      piece.forEach(([i, v], at) => {
        context[at ? "lineTo" : "moveTo"](px(frame.x[i + first]), py(v))
      })
    context.setLineDash(dash)
    context.strokeStyle = colour
    context.lineWidth = w
    context.stroke()
    context.setLineDash([])
  }
  context.globalAlpha = 0.85
  for (const y of frame.fake) {
    if (s.view?.rolling) line(rolling(y, ROLLING), colours[1], 2, [], ROLLING)
    else line(y, colours[1], 2)
  }
  context.globalAlpha = frame.real.length > 1 ? 0.55 : 0.9
  for (const y of frame.real) line(y, css("--st-text-color"), 2, [6, 5])
  context.restore()
  context.font = `600 15px ${css("--st-font")}`
  context.textAlign = "right"
  context.fillStyle = colours[1]
  context.fillText(_("generated"), width - 12, 20)
  context.fillStyle = css("--st-text-color")
  context.fillText(_("real - -"), width - 100, 20)
}

// D's scores of the very samples on the screen, and of as many real ones.
export function scores(s, frame) {
  const canvas = s.histogram,
    box = canvas?.parentElement
  if (!box?.clientWidth) return
  const css = style(s),
    probable = s.data.probable,
    [low, high] = probable ? [0, 1] : s.data.span
  const width = box.clientWidth,
    height = box.clientHeight - 34
  if (height < 20) return
  canvas.style.height = `${height}px`
  const context = crisp(canvas, width, height),
    floor = height - 22
  const colours = palette(css)
  const kinds = [
    ["real", _("real"), colours[2]],
    ["fake", _("generated"), colours[1]],
  ]
  const values = Object.fromEntries(kinds.map(([kind]) => [kind, known(frame?.scores?.[kind]).map(probable ? sigmoid : (v) => v)]))
  const bars = kinds.map(([kind]) => shares(values[kind], low, high, BINS))
  const top = Math.max(0.02, ...bars.flat())
  kinds.forEach(([, , colour], k) => {
    context.beginPath()
    context.moveTo(0, floor)
    bars[k].forEach((v, i) => {
      const y = floor - ((floor - 6) * v) / top
      context.lineTo((i * width) / BINS, y)
      context.lineTo(((i + 1) * width) / BINS, y)
    })
    context.lineTo(width, floor)
    context.strokeStyle = context.fillStyle = colour
    context.lineWidth = 1.6
    context.globalAlpha = 0.35
    context.fill()
    context.globalAlpha = 1
    if (bars[k].some(Boolean)) context.stroke()
  })
  context.font = `14px ${css("--st-font")}`
  context.fillStyle = css("--st-text-color")
  const marks = probable ? [_("0 generated"), "1/2", _("real 1")] : [low, (low + high) / 2, high].map((v) => inDigits(v, 3))
  marks.forEach((word, i) => {
    context.textAlign = ["left", "center", "right"][i]
    context.fillText(word, (i * width) / 2, height - 5)
  })
  const means = kinds.filter(([kind]) => values[kind].length).map(([kind, name]) => [kind, name, mean(values[kind])])
  const told = (v) => (probable ? v.toFixed(2) : inDigits(v))
  s.legend.innerHTML = means.length
    ? `${s.data.asks} ${means.map(([kind, name, v]) => `<span class="${kind}">${name} ${told(v)}</span>`).join(" ")}`
    : _("D's scores of these samples were not kept.")
  canvas.setAttribute("aria-label", s.legend.textContent)
}
