// The time machine: every snapshot of a run under one hand. The pictures and D's scores are fetched bit by bit and kept in the page, so
// that moving the slider asks nobody. The charts hear of each move through a window event and move their marker with it.
import { leaving, stateOf, watchSize } from "../../shared/lifetime.js"
import { curves, scores } from "./time_machine_drawing.js"
import { inDigits, number } from "./time_machine_numbers.js"

const FRAMES_A_SECOND = 8
const kept = (window.ganAtelierSnapshots ??= new Map()) // run -> snapshots, so that a redrawn page need not fetch them again

function cache(run) {
  const found = kept.get(run) ?? { frames: new Map(), probes: new Map() }
  kept.delete(run)
  kept.set(run, found)
  if (kept.size > 4) kept.delete(kept.keys().next().value)
  return found
}

function take(s, data) {
  const drop = (map, steps) => {
    for (const step of [...map.keys()]) if (!steps.includes(step)) map.delete(step)
  } // a resumed run rewrites
  drop(s.cache.frames, data.steps)
  drop(s.cache.probes, data.probed)
  for (const f of data.frames) {
    if (f.png) {
      f.image = new Image()
      f.image.onload = () => s.step === f.step && show(s)
      f.image.src = `data:image/png;base64,${f.png}`
      delete f.png
    }
    if (f.image || f.fake) s.cache.frames.set(f.step, f)
  }
  for (const p of data.probes) s.cache.probes.set(p.step, p.scores)
  s.steps = [...s.cache.frames.keys()].sort((a, b) => a - b)
}

function show(s) {
  const frame = s.cache.frames.get(s.step)
  if (!frame) return
  const index = s.steps.indexOf(s.step),
    p = s.data.given[s.data.steps.indexOf(s.step)]
  s.scrub.max = s.steps.length - 1
  s.scrub.value = index
  s.scrub.style.setProperty("--done", `${(100 * index) / Math.max(1, s.steps.length - 1)}%`)
  s.scrub.setAttribute("aria-valuetext", `step ${number(s.step)}`)
  s.said.innerHTML =
    `Step <b>${number(s.step)}</b>` +
    (p == null ? "" : `<span> · D on these: ${s.data.probable ? `probability of “real” ${p.toFixed(2)}` : `value ${inDigits(p)}`}</span>`)
  s.newest.disabled = s.follow
  s.picture.setAttribute("aria-label", `${s.data.alt} after ${number(s.step)} steps`)
  if (frame.fake) curves(s, frame)
  else if (frame.image.naturalWidth) {
    const { naturalWidth: w, naturalHeight: h } = frame.image
    if (s.picture.width !== w || s.picture.height !== h) {
      s.picture.width = w
      s.picture.height = h
      s.picture.style.height = "auto"
    }
    s.picture.getContext("2d").drawImage(frame.image, 0, 0)
  }
  scores(s)
  s.root.dataset.step = s.step
  ;(window.ganAtelierStep ??= {})[s.data.run] = s.step
  window.dispatchEvent(new CustomEvent("gan-atelier-step", { detail: { run: s.data.run } }))
}

function go(s, index) {
  const i = Math.max(0, Math.min(s.steps.length - 1, index))
  s.follow = i === s.steps.length - 1 && !s.playing
  s.step = s.steps[i]
  show(s)
}

function play(s, on) {
  cancelAnimationFrame(s.playing)
  s.playing = 0
  s.play.textContent = on ? "❚❚" : "▶"
  s.play.setAttribute("aria-label", on ? "Hold" : "Play")
  if (!on) return
  let last = performance.now()
  if (s.steps.indexOf(s.step) >= s.steps.length - 1) go(s, 0)
  const tick = (now) => {
    if (!s.root.isConnected) return
    if (now - last >= 1000 / (FRAMES_A_SECOND * Number(s.speed.value))) {
      last = now
      const next = s.steps.indexOf(s.step) + 1
      if (next >= s.steps.length) {
        play(s, false)
        go(s, s.steps.length - 1)
        return
      }
      go(s, next)
    }
    s.playing = requestAnimationFrame(tick)
  }
  s.playing = requestAnimationFrame(tick)
}

// Tells the server what is here, if it does not know. Of two machines that ask at once one may not be heard: then it asks again.
function ask(s, setStateValue, turn = 0) {
  clearTimeout(s.waiting)
  const have = { frames: s.steps, probes: [...s.cache.probes.keys()], turn }
  const known = [have.frames, have.probes].flatMap((steps) => [steps.length, steps.reduce((a, b) => a + b, 0)])
  if (known.every((v, i) => v === s.data.known[i])) return
  setStateValue("have", have)
  s.waiting = setTimeout(() => ask(s, setStateValue, turn + 1), 1500)
}

// Beside long charts the machine stays in view: it is scrolled until its lower end shows, and then no further.
function stay(s) {
  let block = s.root.getRootNode().host ?? s.root
  while (block && block.parentElement?.dataset.testid !== "stColumn") block = block.parentElement
  if (!block) return
  const beside = s.data.stay && window.innerWidth > 640
  block.style.position = beside ? "sticky" : ""
  block.style.height = beside ? "max-content" : ""
  block.style.top = beside ? `${Math.min(64, window.innerHeight - block.offsetHeight - 16)}px` : ""
}

function begin(parentElement, gone) {
  const root = parentElement.querySelector(".machine"),
    s = { root, follow: true, playing: 0, steps: [] }
  for (const name of ["picture", "said", "play", "scrub", "newest", "speed", "rolling", "histogram", "legend", "coming"])
    s[name] = root.querySelector(`.${name}`)
  s.scrub.oninput = () => {
    play(s, false)
    go(s, Number(s.scrub.value))
  }
  s.play.onclick = () => play(s, !s.playing)
  s.newest.onclick = () => {
    play(s, false)
    go(s, s.steps.length - 1)
  }
  s.rolling.onchange = () => show(s)
  const seek = ({ detail }) => {
    // somebody clicked into a chart
    if (detail.run !== s.data.run || !s.steps.length) return
    play(s, false)
    go(
      s,
      s.steps.reduce((best, step, i) => (Math.abs(step - detail.step) < Math.abs(s.steps[best] - detail.step) ? i : best), 0),
    )
  }
  window.addEventListener("gan-atelier-seek", seek, { signal: gone })
  const resized = () => {
    if (!s.data) return
    show(s)
    stay(s)
  }
  watchSize(root, resized, gone)
  return s
}

export default function ({ data, parentElement, setStateValue }) {
  const s = stateOf(parentElement, begin)
  if (s.data?.run !== data.run) {
    s.follow = true
    s.cache = cache(data.run)
  }
  s.data = data
  take(s, data)
  s.root.classList.toggle("curves", data.kind === "curves")
  s.coming.textContent = s.steps.length < data.steps.length ? `${s.steps.length} of ${data.steps.length} snapshots are here` : ""
  if (s.follow || !s.cache.frames.has(s.step)) s.step = s.steps[s.steps.length - 1]
  show(s)
  stay(s)
  ask(s, setStateValue)
  return leaving(parentElement, () => {
    play(s, false)
    clearTimeout(s.waiting)
  })
}
