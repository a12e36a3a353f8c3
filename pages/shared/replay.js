// A recorded training as a loop. The frames came once, as pictures; a tap on the picture stops it and lets it go on. Whoever asked their
// system for less motion gets the last frame, standing.
import { leaving, stateOf } from "./lifetime.js"
import { _, ngettext } from "./words.js"

const FRAME = 190 // ms
const LAST = 3000 // ms, the last one: it is what came of it
const FIRST = 900 // ms, the noise

// How long the frame at this place stays.
export const stay = (place, count) => (place === count - 1 ? LAST : place === 0 ? FIRST : FRAME)

// What stands below a frame: its step, and how many of its samples can be read (null: not known).
export function caption(frame, steps) {
  const number = (n) => n.toLocaleString("en")
  const step = _("Step {step} of {steps}", { step: number(frame.step), steps: number(steps) })
  if (frame.readable === null || !frame.n) return { step, readable: "", share: null }
  const readable = ngettext("{n} of {all} can be read", "{n} of {all} can be read", frame.readable, { all: frame.n })
  return { step, readable, share: frame.readable / frame.n }
}

function begin(parentElement, gone) {
  const find = (name) => parentElement.querySelector(name)
  const s = { button: find("button"), canvas: find("canvas"), sign: find(".sign"), words: find(".words"), place: 0, images: [] }
  s.words.innerHTML = '<div class="line"><b></b><span></span></div><div class="bar"><i></i></div>'
  s.playing = !matchMedia("(prefers-reduced-motion: reduce)").matches
  s.button.addEventListener("click", () => play(s, !s.playing), { signal: gone })
  gone.addEventListener("abort", () => clearTimeout(s.timer))
  return s
}

function show(s) {
  const frame = s.data.frames[s.place]
  const { step, readable, share } = caption(frame, s.data.steps)
  const image = s.images[s.place]
  const times = frame.source.startsWith("data:image/svg") ? 4 : 1 // curves are lines, sharp at any size; pixels stay as they are
  const [width, height] = [times * image.naturalWidth, times * image.naturalHeight]
  if (s.canvas.width !== width || s.canvas.height !== height) Object.assign(s.canvas, { width, height })
  const pen = s.canvas.getContext("2d")
  pen.clearRect(0, 0, width, height)
  pen.drawImage(image, 0, 0, width, height)
  s.words.querySelector("b").textContent = step
  s.words.querySelector("span").textContent = readable
  s.words.querySelector(".bar").hidden = share === null
  s.words.querySelector("i").style.width = `${100 * (share ?? 0)}%`
  s.words.dataset.step = frame.step
}

function play(s, playing) {
  s.playing = playing
  clearTimeout(s.timer)
  s.button.setAttribute("aria-label", playing ? _("Pause the recording") : _("Play the recording"))
  s.sign.textContent = playing ? "❚❚" : "▶"
  if (playing) s.timer = setTimeout(next, stay(s.place, s.images.length), s)
}

function next(s) {
  s.place = (s.place + 1) % s.images.length
  show(s)
  s.timer = setTimeout(next, stay(s.place, s.images.length), s)
}

async function load(s, data) {
  s.button.style.aspectRatio = data.aspect
  const images = data.frames.map(({ source }) => Object.assign(new Image(), { src: source }))
  await Promise.all(images.map((image) => image.decode()))
  if (s.gone.signal.aborted || s.data !== data) return
  s.images = images
  s.place = s.playing ? 0 : images.length - 1
  show(s)
  play(s, s.playing)
}

export default function ({ data, parentElement }) {
  const s = stateOf(parentElement, begin)
  const known = s.data?.run === data.run && s.data.frames.length === data.frames.length
  if (!known) {
    s.data = data
    load(s, data).catch(() => {
      s.words.querySelector("b").textContent = _("This recording cannot be shown.")
    })
  }
  return leaving(parentElement)
}
