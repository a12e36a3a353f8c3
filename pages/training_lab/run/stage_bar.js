// The stage's upper lines: transport at fixed places, how far the run is, where to go after its end; and how it is doing.
import { make } from "../../shared/elements.js"
import { _ } from "../../shared/words.js"
import { closeOver, paceParts, refreshOver, toggleOver, whyParts } from "./stage_over.js"

export function wireBar(s) {
  s.pause.onclick = () => s.act(s.pause.dataset.act)
  s.stop.onclick = () => s.act("stop")
  s.more.onclick = () => s.act("more")
  s.pace.onclick = () => toggleOver(s, "pace", s.pace, paceParts, true)
  s.why.onclick = () => toggleOver(s, "why", s.why, whyParts)
}

export function showBar(s) {
  const { buttons, progress, verdict, onward, pace, rates } = s.data
  Object.assign(s.pause, { textContent: buttons.pause.label, disabled: !buttons.pause.act, title: buttons.pause.help })
  s.pause.dataset.act = buttons.pause.act
  Object.assign(s.stop, { textContent: buttons.stop.label, disabled: !buttons.stop.act, title: buttons.stop.help })
  Object.assign(s.more, { textContent: buttons.more.label, disabled: !buttons.more.act, title: buttons.more.help })
  s.pace.textContent = pace === null ? _("Pace") : (rates.find(([rate]) => rate === pace)?.[1] ?? `${pace}/s`)
  s.pace.disabled = !["running", "starting", "queued"].includes(s.data.state)
  s.done.style.width = `${100 * progress.done}%`
  s.track.setAttribute("aria-valuenow", Math.round(100 * progress.done))
  s.told.textContent = progress.told
  s.told.title = progress.told
  const told = JSON.stringify(onward)
  if (s.onward.dataset.told !== told) {
    s.onward.dataset.told = told
    s.onward.replaceChildren(
      ...onward.map(([what, label], i) =>
        make("button", label, {
          type: "button",
          className: i ? what : `${what} primary`,
          onclick: () => s.act(what),
        }),
      ),
    )
  }
  s.verdict.dataset.level = verdict.level
  s.level.textContent = verdict.word
  s.sentence.textContent = verdict.sentence
  s.sentence.title = verdict.sentence
  s.why.textContent = verdict.remedies.length ? _("What to try ({n})", { n: verdict.remedies.length }) : _("Why?")
  if (s.open?.name === "pace" && s.pace.disabled) closeOver(s)
  refreshOver(s)
}
