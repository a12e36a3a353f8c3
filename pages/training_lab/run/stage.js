// The stage: one training on one screen. Samples, losses, D's opinion, one line of health, transport and progress have fixed places; what is
// new takes the place of what was there, and nothing moves.
import { leaving, stateOf, watchSize } from "../../shared/lifetime.js"
import { showBar, wireBar } from "./stage_bar.js"
import { askForFrames, framesOf, play, seek, showFrame, takeFrames, wireFrames } from "./stage_frames.js"
import { closeOver } from "./stage_over.js"
import { clearPanels, makePanels, showPanels } from "./stage_panels.js"

const PARTS = [
  ...["pause", "stop", "more", "pace", "track", "done", "told", "onward", "verdict", "level", "sentence", "why"],
  ...["frame", "picture", "said", "play", "scrub", "newest", "speed", "tabs", "panels", "over"],
]
const VIEW = { smooth: true, terms: false, all: false, log: false, rolling: false }

function begin(parentElement, gone) {
  const root = parentElement.querySelector(".stage"),
    s = { root, follow: true, playing: 0, steps: [], view: (window.ganAtelierView ??= { ...VIEW }) }
  for (const name of PARTS) s[name] = root.querySelector(`.${name}`)
  s.redraw = () => {
    if (!s.data) return
    showPanels(s)
    showFrame(s)
  }
  wireBar(s)
  wireFrames(s, gone)
  root.addEventListener("keydown", (event) => event.key === "Escape" && closeOver(s), { signal: gone })
  watchSize(root, s.redraw, gone)
  watchSize(s.frame, () => s.data && showFrame(s), gone)
  return s
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const s = stateOf(parentElement, begin)
  const other = s.data?.run !== data.run
  s.data = data
  s.act = (what, value = null) => what && setTriggerValue("act", { what, value, at: Date.now() })
  if (other) {
    Object.assign(s, { follow: true, step: undefined, frames: framesOf(data.run) })
    closeOver(s)
    makePanels(s, data.panels, s.gone.signal)
  }
  s.root.classList.toggle("curves", data.kind === "curves")
  s.root.style.setProperty("--aspect", data.kind === "curves" ? 1.3 : data.grid.columns / data.grid.rows)
  s.root.dataset.state = data.state
  s.root.toggleAttribute("data-ended", data.onward.length > 0)
  takeFrames(s, data)
  showBar(s)
  if (other && data.at !== null) seek(s, data.at)
  showFrame(s)
  showPanels(s)
  askForFrames(s, setStateValue)
  return leaving(parentElement, () => {
    play(s, false)
    clearTimeout(s.waiting)
    clearTimeout(s.naming)
    clearPanels(s)
  })
}
