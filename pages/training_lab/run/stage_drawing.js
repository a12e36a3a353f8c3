// What the time machine draws: curves of a sample file, and how D's scores are spread.
import { crisp, style } from "../../shared/canvas.js"
import { inDigits, known, mean, number, pieces, rolling, shares, sigmoid } from "./time_machine_numbers.js"

const BINS = 31
const ROLLING = 5

function sized(canvas, width, height) {
  canvas.style.height = `${height}px`
  return crisp(canvas, width, height)
}

export function curves(s, frame) {
  const width = s.picture.clientWidth,
    height = Math.round(width * 0.62),
    css = style(s),
    [low, high] = s.data.range
  const context = sized(s.picture, width, height),
    right = frame.x[frame.x.length - 1]
  const px = (x) => 34 + ((width - 42) * (x - frame.x[0])) / (right - frame.x[0]),
    py = (y) => 8 + ((height - 30) * (high - y)) / (high - low)
  const colours = css("--st-chart-categorical-colors").split(",")
  context.font = `12px ${css("--st-font")}`
  context.fillStyle = css("--st-text-color")
  context.strokeStyle = css("--st-border-color")
  for (const y of s.data.ticks) {
    context.beginPath()
    context.moveTo(34, py(y))
    context.lineTo(width - 8, py(y))
    context.stroke()
    context.textAlign = "right"
    context.fillText(String(y), 28, py(y) + 4)
  }
  context.textAlign = "center"
  for (let x = 0; x <= right; x++) context.fillText(String(x), px(x), height - 6)
  const line = (y, colour, w, first = 0) => {
    context.beginPath()
    for (const piece of pieces(y))
      piece.forEach(([i, v], at) => {
        context[at ? "lineTo" : "moveTo"](px(frame.x[i + first]), py(v))
      })
    context.strokeStyle = colour
    context.lineWidth = w
    context.globalAlpha = 0.8
    context.stroke()
    context.globalAlpha = 1
  }
  for (const y of frame.real) line(y, colours[2], 1.4)
  for (const y of frame.fake) {
    if (!s.rolling.checked) line(y, colours[1], 1.8)
    else line(rolling(y, ROLLING), colours[1], 1.8, ROLLING)
  }
}

export function scores(s) {
  const at = [...s.cache.probes.keys()].filter((p) => p <= s.step).sort((a, b) => b - a)[0]
  s.histogram.hidden = s.legend.hidden = s.cache.probes.size === 0
  if (s.histogram.hidden) return
  const found = at === undefined ? {} : s.cache.probes.get(at),
    probable = s.data.probable,
    css = style(s)
  const [low, high] = probable ? [0, 1] : s.data.span
  const width = s.histogram.clientWidth,
    height = 132,
    context = sized(s.histogram, width, height),
    floor = height - 20
  const colours = css("--st-chart-categorical-colors").split(",")
  const kinds = [
    ["real", "real", colours[2], true],
    ["fake", "generated", colours[1], true],
    ["held_out", "held out", css("--st-text-color"), false],
  ]
  const values = Object.fromEntries(kinds.map(([kind]) => [kind, known(found[kind]).map(probable ? sigmoid : (v) => v)]))
  const bars = kinds.map(([kind]) => shares(values[kind], low, high, BINS))
  const top = Math.max(0.02, ...bars.flat())
  kinds.forEach(([, , colour, filled], k) => {
    context.beginPath()
    context.moveTo(0, floor)
    bars[k].forEach((v, i) => {
      const y = floor - ((floor - 6) * v) / top
      context.lineTo((i * width) / BINS, y)
      context.lineTo(((i + 1) * width) / BINS, y)
    })
    context.lineTo(width, floor)
    context.setLineDash(filled ? [] : [4, 3])
    context.strokeStyle = context.fillStyle = colour
    context.lineWidth = 1.6
    if (filled) {
      context.globalAlpha = 0.35
      context.fill()
      context.globalAlpha = 1
    }
    if (bars[k].some(Boolean)) context.stroke()
    context.setLineDash([])
  })
  context.font = `12px ${css("--st-font")}`
  context.fillStyle = css("--st-text-color")
  const ends = probable ? ["0 generated", "1/2", "real 1"] : [low, (low + high) / 2, high].map((v) => inDigits(v, 3))
  ends.forEach((word, i) => {
    context.textAlign = ["left", "center", "right"][i]
    context.fillText(word, (i * width) / 2, height - 4)
  })
  const means = kinds.filter(([kind]) => values[kind].length).map(([kind, name]) => [kind, name, mean(values[kind])])
  s.legend.innerHTML =
    at === undefined
      ? "D's scores begin with a later snapshot."
      : `${s.data.asks} at step ${number(at)}, on average:<br>` +
        means.map(([kind, name, v]) => `<span class="${kind}">${name} <b>${probable ? v.toFixed(2) : inDigits(v)}</b></span>`).join(" ")
  s.histogram.setAttribute("aria-label", s.legend.textContent)
}
