// The pair's first lines: back, pause and stop for both, how far both are, recorded or live; and what was changed, in large words.
import { make } from "../../shared/elements.js"
import { _ } from "../../shared/words.js"
import { goToStep, playPair, positions } from "./pair_moves.js"

export function wirePairBar(s) {
  s.$back.onclick = () => (s.data.live && s.data.may ? askToLeave(s) : s.act("leave"))
  s.$pause.onclick = () => s.act(s.$pause.dataset.act)
  s.$stop.onclick = () => s.act("stop")
}

export function showPairBar(s) {
  const { buttons, progress, title, change, sources } = s.data
  s.$back.textContent = _("Back")
  for (const name of ["pause", "stop"]) {
    const button = s[`$${name}`]
    Object.assign(button, { textContent: buttons[name].label, disabled: !buttons[name].act })
    button.dataset.act = buttons[name].act
  }
  s.$done.style.width = `${100 * progress.done}%`
  s.$track.style.visibility = sources.live ? "" : "hidden"
  s.$track.setAttribute("aria-valuenow", Math.round(100 * progress.done))
  s.$told.textContent = s.$told.title = progress.told
  s.$title.textContent = title
  s.$what.textContent = s.$what.title = change
  const told = JSON.stringify([Object.keys(sources), s.source])
  if (s.$sources.dataset.told === told) return
  s.$sources.dataset.told = told
  const names = { recorded: _("Recorded"), live: _("Live") }
  const both = Object.keys(sources).length > 1
  s.$sources.replaceChildren(
    ...Object.keys(names).map((name) => {
      const button = make("button", names[name], { type: "button", disabled: !sources[name], onclick: () => show(s, name) })
      button.dataset.source = name
      button.setAttribute("aria-pressed", String(s.source === name))
      return button
    }),
  )
  s.$sources.hidden = !both
}

function show(s, source) {
  playPair(s, false)
  s.source = source
  const steps = positions(s)
  s.follow = true
  goToStep(s, steps[steps.length - 1] ?? 0, false)
  s.redraw()
}

// Two trainings go on when nobody watches; whoever leaves is asked.
function askToLeave(s) {
  const leave = (stop) => {
    closeLeave(s)
    s.act("leave", stop)
  }
  const choices = make("div", "", { className: "choices" })
  choices.append(
    make("button", _("Let them run"), { type: "button", onclick: () => leave(false) }),
    make("button", _("Stop both"), { type: "button", className: "primary", onclick: () => leave(true) }),
    make("button", _("Stay here"), { type: "button", onclick: () => closeLeave(s) }),
  )
  s.$over.replaceChildren(make("p", _("Both trainings still run, and take two places. Let them run?")), choices)
  s.$over.hidden = false
  choices.querySelector("button").focus({ preventScroll: true })
}

export function closeLeave(s) {
  s.$over.hidden = true
}
