// What the explorer draws: images, curves, small pictures of places, and what goes on in the layers.
import { crisp, style } from "../../shared/canvas.js"
import { _ } from "../../shared/words.js"
import { generate } from "./engine.js"
import { latent, shares } from "./place.js"

export const now = () => performance.now()
export const small = (side) => Object.assign(document.createElement("canvas"), { width: side, height: side })

// An image into a canvas of its own size, one pixel a pixel.
export function shade(g, x, canvas) {
  const [low, high] = g.pixels,
    side = Math.sqrt(x.length)
  if (canvas.width !== side || canvas.height !== side) {
    canvas.width = side
    canvas.height = side
  }
  const context = canvas.getContext("2d"),
    image = (canvas.image ??= context.createImageData(side, side)),
    pixels = image.data
  for (let i = 0, p = 0; i < x.length; i++, p += 4) {
    pixels[p] = pixels[p + 1] = pixels[p + 2] = Math.round((255 * (x[i] - low)) / (high - low))
    pixels[p + 3] = 255
  }
  context.putImageData(image, 0, 0)
}

const span = (s) => {
  // of the curves: held still by the real ones
  if (s.data.span) return s.data.span
  const anchors = [0, 1].flatMap(() => Array.from(s.x ?? [-1, 1])),
    low = Math.min(...anchors),
    high = Math.max(...anchors)
  return [low - 0.2 * (high - low || 1), high + 0.2 * (high - low || 1)]
}

function polyline(context, y, px, py) {
  context.beginPath()
  for (let i = 0; i < y.length; i++) context[i ? "lineTo" : "moveTo"](px(i), py(y[i]))
  context.stroke()
}

// One generated curve, orange, over real ones, grey.
export function curve(s, x) {
  const width = s.el.picture.clientWidth,
    height = s.el.picture.clientHeight,
    css = style(s),
    [low, high] = span(s)
  const context = crisp(s.el.picture, width, height),
    at = s.g.x,
    first = at[0],
    last = at[at.length - 1]
  const along = (v) => 36 + ((width - 44) * (v - first)) / (last - first),
    px = (i) => along(at[i]),
    py = (v) => 8 + ((height - 34) * (high - v)) / (high - low)
  context.font = `12px ${css("--st-font")}`
  context.fillStyle = css("--st-text-color")
  context.strokeStyle = css("--st-border-color")
  context.lineWidth = 1
  for (const v of [(5 * low + high) / 6, (low + high) / 2, (low + 5 * high) / 6].map((v) => Math.round(v * 10) / 10)) {
    // of the real ones least, middle, most
    context.beginPath()
    context.moveTo(36, py(v))
    context.lineTo(width - 8, py(v))
    context.stroke()
    context.textAlign = "right"
    context.fillText(String(v), 30, py(v) + 4)
  }
  context.textAlign = "center"
  for (let v = Math.ceil(first); v <= last; v++) context.fillText(String(v), along(v), height - 8)
  context.strokeStyle = css("--st-gray-color")
  context.lineWidth = 1.3
  context.globalAlpha = 0.45
  for (const real of s.data.real ?? []) polyline(context, real, px, py)
  context.strokeStyle = css("--st-orange-color")
  context.lineWidth = 3
  context.globalAlpha = 1
  polyline(context, x, px, py)
}

// A small picture of a sample, into a square canvas.
export function thumb(s, g, x, canvas) {
  if (g.kind === "images") return shade(g, x, canvas)
  const side = 48,
    context = crisp(canvas, side, side),
    [low, high] = span(s)
  context.strokeStyle = style(s)("--st-orange-color")
  context.lineWidth = 1.6
  polyline(
    context,
    x,
    (i) => 3 + ((side - 6) * i) / (x.length - 1),
    (v) => 3 + ((side - 6) * (high - v)) / (high - low),
  )
}

export const sampled = (s, place) => generate(s.g, latent(s, place), shares(s.g, place.asked))

// What the last call of the engine left in its layers, a canvas each: maps side by side, or units row by row.
export function features(s) {
  const row = s.el.features.querySelector(".row"),
    layers = s.g.layers.slice(0, -1)
  if (row.childElementCount !== layers.length) {
    row.replaceChildren(
      ...layers.map((layer, k) => {
        const figure = document.createElement("figure"),
          caption = document.createElement("figcaption"),
          canvas = document.createElement("canvas")
        const [n, height, width] = layer.maps ?? [layer.y.length]
        const size = { k: k + 1, n, height, width }
        caption.textContent = layer.maps ? _("Layer {k}: {n} maps of {height} × {width}", size) : _("Layer {k}: {n} units", size)
        canvas.setAttribute("role", "img")
        canvas.setAttribute("aria-label", _("The output of layer {k} for this z", size))
        figure.append(canvas, caption)
        return figure
      }),
    )
  }
  layers.forEach(({ y, maps }, k) => {
    const [count, h, w] = maps ?? [y.length, 1, 1],
      gap = maps ? 1 : 0,
      across = Math.min(count, maps ? 16 : 32)
    const canvas = row.children[k].firstChild,
      width = across * (w + gap),
      height = Math.ceil(count / across) * (h + gap)
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
      canvas.style.width = `${Math.min(560, width * (maps ? 3 : 12))}px`
    }
    const context = canvas.getContext("2d"),
      image = context.createImageData(width, height)
    let low = Infinity,
      high = -Infinity
    for (const v of y) {
      if (v < low) low = v
      if (v > high) high = v
    }
    for (let c = 0; c < count; c++)
      for (let r = 0; r < h; r++)
        for (let i = 0; i < w; i++) {
          const p = 4 * ((Math.floor(c / across) * (h + gap) + r) * width + (c % across) * (w + gap) + i)
          image.data[p] = image.data[p + 1] = image.data[p + 2] = (255 * (y[(c * h + r) * w + i] - low)) / (high - low || 1)
          image.data[p + 3] = 255
        }
    context.putImageData(image, 0, 0)
  })
}
