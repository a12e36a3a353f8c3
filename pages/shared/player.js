// Play and hold: whatever a component plays, frame by frame.
import { _ } from "./words.js"

// Plays, or holds (`on`), what belongs to the state s: {root, playing}. `next` is called each time that `wait()` milliseconds have passed;
// it ends by holding. `held` is what the button is called meanwhile.
export function playOn(s, button, on, { held = _("Hold"), wait, next }) {
  cancelAnimationFrame(s.playing)
  s.playing = 0
  button.textContent = on ? "❚❚" : "▶"
  button.setAttribute("aria-label", on ? held : _("Play"))
  if (!on) return
  let last = performance.now()
  const tick = (now) => {
    if (!s.root.isConnected) return
    s.playing = requestAnimationFrame(tick)
    if (now - last < wait()) return
    last = now
    next()
  }
  s.playing = requestAnimationFrame(tick)
}
