// A place in latent space, and the few characters that say it. A place is { anchors, u, v, psi, asked, along, moves }: the anchors A, B and C
// span a plane, u and v say where on it; psi truncates; `along` goes further along named directions; `moves` sets single coordinates.
// `asked` is [a, b, share of b], the classes asked of G. All of them are kept rounded as the address writes them, so that a link holds
// exactly what was seen.
import { _ } from "../../shared/words.js"

export const START = { u: 0, v: 0, psi: 1, along: {}, moves: {} }
const STEPS = 4096 // a stored vector has this many steps a unit

export const round = (v, steps) => Math.round(v * steps) / steps
export const fresh = (data) => ({ ...START, anchors: [0, 1, 2].map((i) => ({ seed: data.seed + i })), asked: [data.digit, data.digit, 0] })
export const stored = (z) => Float32Array.from(z, (v) => Math.max(-32767, Math.min(32767, Math.round(v * STEPS))) / STEPS)
export const anchored = (s, anchor) => anchor.z ?? s.drawn.get(anchor.seed)
export const unknown = (s, place) => place.anchors.filter((anchor) => !anchored(s, anchor)).map((anchor) => anchor.seed)

// Some z mixed with weights that sum to 1, as gan_core.trained.paths.combine does. Uniform prior: straight, and not beyond its ends. Normal prior:
// of the length between theirs, since its draws all lie near one sphere, whose inside, which a straight line would cross, G has never seen.
export function between(g, zs, weights) {
  const z = new Float64Array(g.z),
    only = weights.indexOf(1)
  if (only >= 0 && weights.every((w, k) => k === only || w === 0)) return z.map((_, i) => zs[only][i])
  zs.forEach((one, k) => {
    for (let i = 0; i < g.z; i++) z[i] += weights[k] * one[i]
  })
  const [low, high] = g.prior.bounds
  if (g.prior.kind !== "normal") return z.map((v) => Math.max(low, Math.min(high, v)))
  const length = (one) => Math.sqrt(one.reduce((sum, v) => sum + v * v, 0))
  const scale =
    Math.max(
      0,
      zs.reduce((sum, one, k) => sum + weights[k] * length(one), 0),
    ) / Math.max(length(z), 1e-12)
  return z.map((v) => v * scale)
}

// z of a place: the point of the plane, truncated, gone along the directions, then what the hand set.
export function latent(s, place) {
  const g = s.g,
    { u, v } = place,
    [low, high] = g.prior.bounds
  const z = between(
    g,
    place.anchors.map((anchor) => anchored(s, anchor)),
    [1 - u - v, u, v],
  )
  const centre = g.prior.kind === "normal" ? 0 : (low + high) / 2
  if (place.psi !== 1) for (let i = 0; i < g.z; i++) z[i] = centre + place.psi * (z[i] - centre)
  for (const [name, amount] of Object.entries(place.along)) {
    const vector = s.data.directions.find((d) => d.name === name)?.vector
    if (vector) for (let i = 0; i < g.z; i++) z[i] += amount * vector[i]
  }
  if (g.prior.kind !== "normal") for (let i = 0; i < g.z; i++) z[i] = Math.max(low, Math.min(high, z[i]))
  for (const [i, value] of Object.entries(place.moves)) z[i] = value
  return Float32Array.from(z)
}

export function shares(g, [a, b, share]) {
  if (!g.classes) return null
  const y = new Float32Array(g.classes)
  y[a] += 1 - share
  y[b] += share
  return y
}

const letters = (ints) =>
  btoa(String.fromCharCode(...new Uint8Array(Int16Array.from(ints).buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "*")
    .replaceAll("=", "")
function ints(text) {
  try {
    return Array.from(new Int16Array(Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("*", "/")), (c) => c.charCodeAt(0)).buffer))
  } catch {
    throw new Error(_("a list of numbers is cut off"))
  }
}

export const floats = (text) => new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer)

// The place in characters that need no escaping in an address; empty where the seed's own z stands. `whole` also says what the seed implies.
export function encode(s, place, whole = false) {
  const parts = [],
    usual = fresh(s.data),
    n = Math.round
  const names = place.anchors.map((a) => (a.z ? `Z${letters(Array.from(a.z, (v) => v * STEPS))}` : String(a.seed)))
  if (whole || names.some((name, i) => name !== String(usual.anchors[i].seed))) parts.push("a" + names.join("."))
  if (place.u || place.v) parts.push(`p${n(place.u * 1000)}.${n(place.v * 1000)}`)
  if (s.g.classes) {
    const [a, b, share] = place.asked
    if (share) parts.push(`c${a}.${b}.${n(share * 100)}`)
    else if (whole || a !== usual.asked[0]) parts.push(`c${a}`)
  }
  if (place.psi !== 1) parts.push(`t${n(place.psi * 100)}`)
  for (const [name, amount] of Object.entries(place.along)) if (amount) parts.push(`d${name.replaceAll(" ", "-")}.${n(amount * 100)}`)
  const moved = Object.entries(place.moves).map(([i, value]) => [Number(i), n(value * 100)])
  if (moved.length > 12) parts.push("M" + letters(moved.flat()))
  else if (moved.length) parts.push("m" + moved.flat().join("."))
  return parts.join("_")
}

// The place that these characters say. Throws an Error that says what is wrong with them.
export function decode(s, code) {
  const place = fresh(s.data),
    g = s.g,
    [low, high] = g.prior.bounds
  const number = (text, least, most, whole = 1) => {
    if (!/^-?\d{1,10}$/.test(text ?? "") || text < least || text > most)
      throw new Error(_("“{text}” does not fit", { text: String(text).slice(0, 20) }))
    return Number(text) / whole
  }
  for (const part of code.split("_").filter(Boolean)) {
    const kind = part[0],
      tokens = part.slice(1).split(".")
    if (kind === "a" && tokens.length === 3) {
      place.anchors = tokens.map((token) => {
        if (token[0] !== "Z") return { seed: number(token, 0, 2 ** 31 - 1) }
        const z = Float32Array.from(ints(token.slice(1)), (v) => v / STEPS)
        if (z.length !== g.z) throw new Error(_("an anchor has {n} coordinates instead of {size}", { n: z.length, size: g.z }))
        return { z }
      })
    } else if (kind === "p") [place.u, place.v] = [0, 1].map((i) => number(tokens[i], -3000, 3000, 1000))
    else if (kind === "c") {
      if (!g.classes) continue
      const a = number(tokens[0], 0, g.classes - 1)
      place.asked = tokens.length > 1 ? [a, number(tokens[1], 0, g.classes - 1), number(tokens[2], 0, 100, 100)] : [a, a, 0]
    } else if (kind === "t") place.psi = number(tokens[0], 0, 100, 100)
    else if (kind === "d") {
      const direction = s.data.directions.find((d) => d.name === tokens[0].replaceAll("-", " "))
      if (direction) place.along = { ...place.along, [direction.name]: number(tokens[1], -1000, 1000, 100) }
    } else if (kind === "m" || kind === "M") {
      const flat = kind === "M" ? ints(tokens[0]) : tokens
      const most = g.prior.kind === "normal" ? [-500, 500] : [Math.round(100 * low), Math.round(100 * high)]
      if (flat.length % 2) throw new Error(_("a coordinate has no value"))
      place.moves = {}
      for (let i = 0; i < flat.length; i += 2) place.moves[number(String(flat[i]), 0, g.z - 1)] = number(String(flat[i + 1]), ...most, 100)
    } else throw new Error(_("“{text}” has no meaning", { text: part.slice(0, 20) }))
  }
  return place
}
