// Two classes in shares: every share is drawn already, so that the hand moves through them without asking anybody.
import { leaving, stateOf } from "../shared/lifetime.js"
import { playOn } from "../shared/player.js"
import { _, translate } from "../shared/words.js"

function show(s, i) {
  const { data } = s,
    n = data.told.length
  s.step = Math.max(0, Math.min(n - 1, i))
  s.big.style.backgroundPosition = `${(100 * s.step) / (n - 1)}% 0`
  s.scrub.value = s.step
  s.scrub.style.setProperty("--done", `${(100 * s.step) / (n - 1)}%`)
  s.scrub.setAttribute("aria-valuetext", data.told[s.step])
  s.said.textContent = data.told[s.step]
  s.big.setAttribute("aria-label", data.told[s.step])
  s.root.dataset.step = s.step
}

const play = (s, on) =>
  playOn(s, s.play, on, {
    held: _("Pause"),
    wait: () => 60,
    next: () => {
      if (s.step + s.way < 0 || s.step + s.way >= s.data.told.length) s.way = -s.way
      show(s, s.step + s.way)
    },
  })

function begin(parentElement) {
  const root = parentElement.querySelector(".between"),
    s = { root, step: -1, way: 1, playing: 0 }
  translate(root)
  for (const name of ["big", "said", "play", "scrub", "first", "second"]) s[name] = root.querySelector(`.${name}`)
  s.scrub.oninput = () => {
    play(s, false)
    show(s, Number(s.scrub.value))
  }
  s.play.onclick = () => play(s, !s.playing)
  return s
}

export default function ({ data, parentElement }) {
  const s = stateOf(parentElement, begin)
  const n = data.told.length,
    other = s.data?.of !== data.of
  s.data = data
  s.big.style.backgroundImage = `url(data:image/png;base64,${data.png})`
  s.big.style.backgroundSize = `${100 * n}% 100%`
  s.scrub.max = n - 1
  s.first.textContent = data.first
  s.second.textContent = data.second
  show(s, other || s.step < 0 ? (n - 1) / 2 : s.step)
  return leaving(parentElement, () => play(s, false))
}
