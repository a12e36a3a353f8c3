// The time machine: every snapshot of a run under one hand. The pictures and D's scores are fetched bit by bit and kept in the page, so
// that moving the slider asks nobody. The charts hear of each move through a window event and move their marker with it.
import { playOn } from "../../shared/player.js"
import { _ } from "../../shared/words.js"
import { curves, empty, scores } from "./stage_drawing.js"
import { inDigits, known, mean, number, sigmoid } from "./stage_numbers.js"

const FRAMES_A_SECOND = 8
const RESTS = 400 // milliseconds after which a hand rests
const kept = (window.ganAtelierSnapshots ??= new Map()) // run -> snapshots, so that a redrawn page need not fetch them again

export function framesOf(run) {
  const found = kept.get(run) ?? new Map()
  kept.delete(run)
  kept.set(run, found)
  if (kept.size > 4) kept.delete(kept.keys().next().value)
  return found
}

// Takes what the server sent of a run, {step, png | x, real, fake, scores}, into its frames; `drawable` hears of each picture that can be drawn.
export function receive(frames, steps, sent, drawable) {
  for (const step of [...frames.keys()]) if (!steps.includes(step)) frames.delete(step) // a resumed run rewrites
  for (const f of sent) {
    if (f.png) {
      f.image = new Image()
      f.image.onload = () => drawable(f)
      f.image.src = `data:image/png;base64,${f.png}`
      delete f.png
    }
    if (f.image || f.fake) frames.set(f.step, f)
  }
}

// The steps of the frames that are here, in their order.
export const stepsOf = (frames) => [...frames.keys()].sort((a, b) => a - b)

export function takeFrames(s, data) {
  receive(s.frames, data.steps, data.frames, (f) => s.step === f.step && showFrame(s))
  s.steps = stepsOf(s.frames)
  if (s.follow || !s.frames.has(s.step)) s.step = s.steps[s.steps.length - 1]
}

const has = (look, name) => look[name] !== undefined && look[name] !== null

// What is known of the pictures of this step: they themselves, as the judge read them, and D's opinion of just these.
function words(s, frame) {
  const look = s.data.looks[frame.step] ?? {}
  const narrow = s.said.clientWidth < 620 // beside the pictures there is little room
  const phone = s.root.clientWidth < 500
  const parts = [_("Step <b>{step}</b>", { step: number(frame.step) })]
  if (has(look, "legible"))
    parts.push(
      narrow
        ? _("<b>{legible}/{n}</b> legible", { legible: look.legible, n: look.n })
        : _("<b>{legible}</b> of {n} can be read", { legible: look.legible, n: look.n }),
    )
  if (has(look, "digits"))
    parts.push(
      narrow ? _("<b>{digits}</b>/10 digits", { digits: look.digits }) : _("<b>{digits}</b> of 10 digits", { digits: look.digits }),
    )
  if (!has(look, "legible") && has(look, "variety"))
    parts.push(_("variety <b>{percent} %</b> of real images'", { percent: Math.round(100 * look.variety) }))
  if (has(look, "rmse")) parts.push(_("error <b>{error}</b>", { error: inDigits(look.rmse, 2) }))
  if (has(look, "amplitude"))
    parts.push(_("amplitude <b>{height}</b> (real {real})", { height: inDigits(look.amplitude, 2), real: s.data.amplitude }))
  if (has(look, "phases")) parts.push(_("phases <b>{phases}</b> of 8", { phases: look.phases }))
  const read = (kind) => {
    const values = known(frame.scores?.[kind])
    return values.length ? mean(values.map(s.data.probable ? sigmoid : (v) => v)) : null
  }
  const [fake, real] = [read("fake"), read("real")]
  const told = (v) => (s.data.probable ? `${Math.round(100 * v)} %` : inDigits(v, 3))
  if (fake !== null)
    parts.push(
      phone || real === null
        ? _('D: <span class="fake">{fake}</span>', { fake: told(fake) })
        : _('D on these <span class="fake">{fake}</span>, on real <span class="real">{real}</span>', {
            fake: told(fake),
            real: told(real),
          }),
    )
  return [parts, look]
}

export function showFrame(s) {
  s.scrub.max = Math.max(0, s.steps.length - 1)
  s.newest.disabled = s.follow
  const frame = s.frames.get(s.step)
  if (!frame) {
    empty(s)
    s.said.textContent = s.data.waiting
    return
  }
  const index = s.steps.indexOf(s.step)
  s.scrub.value = index
  s.scrub.style.setProperty("--done", `${(100 * index) / Math.max(1, s.steps.length - 1)}%`)
  s.scrub.setAttribute("aria-valuetext", _("step {step}", { step: number(s.step) }))
  const [parts, look] = words(s, frame)
  s.said.innerHTML = parts.join(" · ")
  s.picture.setAttribute("aria-label", _("{what} after {step} steps", { what: s.data.alt, step: number(s.step) }))
  if (frame.fake) curves(s, frame)
  else if (frame.image.naturalWidth) {
    const { naturalWidth: w, naturalHeight: h } = frame.image
    fit(s, w, h)
    s.picture.getContext("2d").drawImage(frame.image, 0, 0)
  } else empty(s)
  scores(s, frame)
  Object.assign(s.root.dataset, {
    step: s.step,
    n: look.n ?? "",
    legible: has(look, "legible") ? look.legible / look.n : "",
  })
  ;(window.ganAtelierStep ??= {})[s.data.run] = s.step
  window.dispatchEvent(new CustomEvent("gan-atelier-step", { detail: { run: s.data.run } }))
}

// The canvas gets so many pixels of its own, and is shown as large as its frame allows.
export function fit(s, w, h) {
  if (s.picture.width !== w || s.picture.height !== h) {
    s.picture.width = w
    s.picture.height = h
  }
  const box = s.frame,
    scale = Math.min(box.clientWidth / w, box.clientHeight / h)
  s.picture.style.width = `${Math.floor(w * scale)}px`
  s.picture.style.height = `${Math.floor(h * scale)}px`
}

export function goTo(s, index) {
  const i = Math.max(0, Math.min(s.steps.length - 1, index))
  s.follow = i === s.steps.length - 1 && !s.playing
  s.step = s.steps[i]
  showFrame(s)
  clearTimeout(s.naming)
  s.naming = setTimeout(() => name(s), RESTS)
}

// The step stands in the address once the hand rests, so that a link opens at it; the newest needs no name.
function name(s) {
  if (s.playing || !s.root.isConnected) return
  const here = new URL(location.href)
  if (s.follow) here.searchParams.delete("step")
  else here.searchParams.set("step", s.step)
  if (here.href !== location.href) history.replaceState(history.state, "", here)
}

// To the snapshot nearest to a step.
export function seek(s, step) {
  if (!s.steps.length) return
  play(s, false)
  goTo(
    s,
    s.steps.reduce((best, at, i) => (Math.abs(at - step) < Math.abs(s.steps[best] - step) ? i : best), 0),
  )
}

export function play(s, on) {
  if (on && s.steps.indexOf(s.step) >= s.steps.length - 1) goTo(s, 0)
  playOn(s, s.play, on, {
    wait: () => 1000 / (FRAMES_A_SECOND * Number(s.speed.value)),
    next: () => {
      const next = s.steps.indexOf(s.step) + 1
      if (next >= s.steps.length) play(s, false)
      goTo(s, Math.min(next, s.steps.length - 1))
    },
  })
}

// Does the server know, by number and sum ("known"), the steps that are here?
export const isKnown = (steps, known) => steps.length === known[0] && steps.reduce((a, b) => a + b, 0) === known[1]

// Tells the server what is here, as `have` says it; that is null where the server knows. Of two that ask at once one may not be heard: then
// it asks again.
export function tellServer(s, setStateValue, have, turn = 0) {
  clearTimeout(s.waiting)
  const frames = have()
  if (frames === null) return
  setStateValue("have", { frames, turn })
  s.waiting = setTimeout(() => tellServer(s, setStateValue, have, turn + 1), 1500)
}

export const askForFrames = (s, setStateValue) => tellServer(s, setStateValue, () => (isKnown(s.steps, s.data.known) ? null : s.steps))

export function wireFrames(s, gone) {
  s.scrub.oninput = () => {
    play(s, false)
    goTo(s, Number(s.scrub.value))
  }
  s.play.onclick = () => play(s, !s.playing)
  s.newest.onclick = () => {
    play(s, false)
    goTo(s, s.steps.length - 1)
  }
  s.play.setAttribute("aria-label", _("Play"))
  s.scrub.setAttribute("aria-label", _("Snapshot of the training"))
  s.speed.setAttribute("aria-label", _("Speed"))
  s.newest.textContent = _("Newest")
  window.addEventListener("gan-atelier-seek", ({ detail }) => detail.run === s.data.run && seek(s, detail.step), { signal: gone })
}
