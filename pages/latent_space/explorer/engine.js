// A generator in typed arrays: what gan_core/export/browser.py describes, run in the page. A layer maps x to act(scale * W(take * x) + bias).
import { _ } from "../../shared/words.js"

const FULL = 12 // generators kept in the page
const arrived = (globalThis.ganAtelierBytes ??= new Map()) // name -> bytes, put there by transfer.js
const engines = (globalThis.ganAtelierEngines ??= new Map()) // name -> unpacked

let halves // float16 -> float32, all 65,536 of them
function decodeHalves(bits) {
  if (!halves) {
    halves = new Float32Array(65536)
    for (let h = 0; h < 65536; h++) {
      const sign = h & 0x8000 ? -1 : 1,
        exponent = (h >> 10) & 31,
        fraction = h & 1023
      halves[h] =
        exponent === 0
          ? sign * fraction * 2 ** -24
          : exponent === 31
            ? fraction
              ? NaN
              : sign * Infinity
            : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
    }
  }
  return Float32Array.from(bits, (h) => halves[h])
}

export function unpack(bytes) {
  const whole = bytes.byteOffset % 4 ? bytes.slice() : bytes
  const length = new DataView(whole.buffer, whole.byteOffset).getUint32(0, true)
  const g = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)))
  const numbers = whole.byteOffset + 4 + length
  const tensor = (t) =>
    t.half
      ? decodeHalves(new Uint16Array(whole.buffer, numbers + t.at, t.count))
      : new Float32Array(whole.buffer, numbers + t.at, t.count).slice()
  if (g.embedding) g.embedding = tensor(g.embedding)
  let shape // of what the layer before makes, if that is maps
  g.layers = g.layers.map((packed) => {
    const layer = { ...packed, weight: tensor(packed.weight), bias: tensor(packed.bias) }
    const scale = packed.scale && tensor(packed.scale),
      take = packed.take && tensor(packed.take)
    if (layer.kind === "dense") {
      layer.weight.forEach((w, i) => {
        layer.weight[i] = w * (scale ? scale[Math.floor(i / layer.in)] : 1) * (take ? take[i % layer.in] : 1)
      })
      layer.y = new Float32Array(layer.out)
      shape = layer.maps
    } else if (layer.kind === "up" && shape) {
      if (scale)
        layer.weight.forEach((w, i) => {
          layer.weight[i] = w * scale[Math.floor(i / 16) % layer.out]
        })
      const [c, h, w] = shape
      layer.h = h
      layer.w = w
      layer.padded = new Float32Array(c * (h + 2) * (w + 2))
      layer.sums = [0, 1, 2, 3].map(() => new Float32Array(h * w))
      layer.y = new Float32Array(layer.out * 4 * h * w)
      layer.maps = shape = [layer.out, 2 * h, 2 * w]
    } else throw new Error(_("a layer of the kind “{kind}” is unknown here", layer))
    return layer
  })
  g.x0 = new Float32Array(g.layers[0].in)
  return g
}

// The generator of that name; undefined while its bytes are on their way.
export function engine(name) {
  let found = engines.get(name)
  if (!found && arrived.has(name)) {
    engines.set(name, (found = unpack(arrived.get(name))))
    found.name = name
    found.generate = (z, y) => generate(found, z, y)
    if (engines.size > FULL) engines.delete(engines.keys().next().value)
  }
  return found
}

// G(z, y): the array belongs to the engine and is written over by the next call.
export function generate(g, z, y) {
  const x0 = g.x0
  if (g.input === "multiplied") {
    for (let i = 0; i < g.z; i++) {
      let e = 0
      for (let k = 0; k < g.classes; k++) e += y[k] * g.embedding[k * g.z + i]
      x0[i] = z[i] * e
    }
  } else {
    x0.set(z)
    if (g.input === "joined") x0.set(y, g.z)
  }
  let x = x0
  for (const layer of g.layers) {
    if (layer.kind === "dense") dense(layer, x)
    else up(layer, x)
    activate(layer)
    x = layer.y
  }
  return x
}

function dense({ weight, bias, y, in: n }, x) {
  const whole = n - (n % 4)
  for (let o = 0, w = 0; o < y.length; o++) {
    let a = 0,
      b = 0,
      c = 0,
      d = 0,
      i = 0
    for (; i < whole; i += 4, w += 4) {
      a += weight[w] * x[i]
      b += weight[w + 1] * x[i + 1]
      c += weight[w + 2] * x[i + 2]
      d += weight[w + 3] * x[i + 3]
    }
    for (; i < n; i++, w++) a += weight[w] * x[i]
    y[o] = bias[o] + a + b + c + d
  }
}

// A 4x4 transposed convolution of stride 2: each of the four kinds of output pixel (even or odd row and column) is a 2x2 convolution of
// the input, which gets a border of zeros. Along a row the 3x3 window slides, so that a step loads three numbers for 16 products.
function up({ weight, bias, y, padded, sums, in: C, out: K, h, w }, x) {
  const P = w + 2,
    area = (h + 2) * P,
    [ee, eo, oe, oo] = sums
  for (let c = 0; c < C; c++)
    for (let r = 0; r < h; r++) for (let i = 0; i < w; i++) padded[c * area + (r + 1) * P + i + 1] = x[(c * h + r) * w + i]
  for (let k = 0; k < K; k++) {
    for (const sum of sums) sum.fill(bias[k])
    for (let c = 0; c < C; c++) {
      const q = (c * K + k) * 16
      const w00 = weight[q],
        w01 = weight[q + 1],
        w02 = weight[q + 2],
        w03 = weight[q + 3]
      const w10 = weight[q + 4],
        w11 = weight[q + 5],
        w12 = weight[q + 6],
        w13 = weight[q + 7]
      const w20 = weight[q + 8],
        w21 = weight[q + 9],
        w22 = weight[q + 10],
        w23 = weight[q + 11]
      const w30 = weight[q + 12],
        w31 = weight[q + 13],
        w32 = weight[q + 14],
        w33 = weight[q + 15]
      for (let r = 0, i = 0; r < h; r++) {
        let p = c * area + r * P
        let a0 = padded[p],
          a1 = padded[p + 1],
          b0 = padded[p + P],
          b1 = padded[p + P + 1],
          c0 = padded[p + 2 * P],
          c1 = padded[p + 2 * P + 1]
        for (const end = i + w; i < end; i++, p++) {
          const a2 = padded[p + 2],
            b2 = padded[p + P + 2],
            c2 = padded[p + 2 * P + 2]
          ee[i] += a0 * w33 + a1 * w31 + b0 * w13 + b1 * w11
          eo[i] += a1 * w32 + a2 * w30 + b1 * w12 + b2 * w10
          oe[i] += b0 * w23 + b1 * w21 + c0 * w03 + c1 * w01
          oo[i] += b1 * w22 + b2 * w20 + c1 * w02 + c2 * w00
          a0 = a1
          a1 = a2
          b0 = b1
          b1 = b2
          c0 = c1
          c1 = c2
        }
      }
    }
    for (let r = 0, s = 0; r < h; r++)
      for (let i = 0; i < w; i++, s++) {
        const t = (k * 2 * h + 2 * r) * 2 * w + 2 * i
        y[t] = ee[s]
        y[t + 1] = eo[s]
        y[t + 2 * w] = oe[s]
        y[t + 2 * w + 1] = oo[s]
      }
  }
}

function activate({ act, slope, y }) {
  if (act === "leaky") {
    for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] *= slope
  } else if (act === "tanh") for (let i = 0; i < y.length; i++) y[i] = Math.tanh(y[i])
  else if (act === "sigmoid") for (let i = 0; i < y.length; i++) y[i] = 1 / (1 + Math.exp(-y[i]))
}
