// What opens over the page and moves nothing: why a run is judged so and what to try, its pace, and how the charts are drawn.
import { make } from "../../shared/elements.js"
import { mark } from "../../shared/terms.js"
import { _ } from "../../shared/words.js"

// Opens (or closes) what `fill` puts into it; `by` is the button that asked.
export function toggleOver(s, name, by, fill, strip = false) {
  if (s.open?.name === name) return closeOver(s)
  closeOver(s)
  s.open = { name, by, fill, strip }
  by.setAttribute("aria-expanded", "true")
  refreshOver(s)
  s.over.hidden = false
  s.over.querySelector("button")?.focus({ preventScroll: true })
}

export function closeOver(s) {
  if (!s.open) return
  s.open.by.setAttribute("aria-expanded", "false")
  s.open = null
  s.over.hidden = true
}

// Fills it anew where what it tells has changed.
export function refreshOver(s) {
  if (!s.open) return
  const parts = s.open.fill(s)
  const told = parts.map((part) => part.outerHTML).join("")
  s.over.classList.toggle("strip", s.open.strip)
  if (s.open.told === told) return
  s.open.told = told
  s.over.replaceChildren(
    make("button", s.open.strip ? "✕" : _("Close"), {
      className: "close",
      type: "button",
      ariaLabel: _("Close"),
      onclick: () => closeOver(s),
    }),
    ...parts,
  )
  mark(s.over, s.data.terms)
}

export function whyParts(s) {
  const { verdict } = s.data
  const parts = [make("p", verdict.sentence, { style: "font-weight:650" })]
  if (verdict.evidence.length) {
    const list = make("ul")
    list.append(...verdict.evidence.map((words) => make("li", words)))
    parts.push(make("h4", _("What was measured")), list)
  }
  if (verdict.why) parts.push(make("h4", _("Why")), make("p", verdict.why))
  if (verdict.remedies.length) {
    parts.push(make("h4", _("What to try, in a new run")))
    verdict.remedies.forEach((remedy, i) => {
      const row = make("div", "", { className: "remedy" })
      const words = make("span")
      words.append(make("b", remedy.title), ` ${remedy.why}`)
      const start = make("button", _("Start"), {
        type: "button",
        title: _("Trains the same again with this one change."),
        onclick: () => s.act("remedy", i),
      })
      const change = make("button", _("Change first"), {
        type: "button",
        title: _("Opens the form with this change in it."),
        onclick: () => s.act("change", i),
      })
      row.append(words, start, change)
      parts.push(row)
    })
  }
  const words = Object.keys(s.data.terms.cards).map((name) => `[[${_(name)}|${name}]]`)
  parts.push(make("h4", _("Words on this screen")), make("p", words.join(" · "), { className: "words" }))
  return parts
}

// The pace in one line over the names of the charts: pictures and curves stay in sight while one steps.
export function paceParts(s) {
  const { pace, state } = s.data
  const may = s.data.may && ["running", "starting", "queued"].includes(state)
  const parts = s.data.rates.map(([rate, words]) =>
    make("button", words, { type: "button", disabled: !may, onclick: () => s.act("rate", rate), ariaPressed: String(rate === pace) }),
  )
  const alone = _("After a step of one network alone this run cannot be repeated from its settings.")
  parts.push(make("span", _("One step:")))
  for (const [what, words, why] of [
    ["both", _("both"), _("Holds the training, and takes one step.")],
    ["D", "D", alone],
    ["G", "G", alone],
  ])
    parts.push(
      make("button", words, {
        type: "button",
        className: `once ${what}`,
        disabled: !may,
        title: why,
        onclick: () => s.act("single", what),
      }),
    )
  return parts
}

export function viewParts(s) {
  const signed = s.data.charts.losses.signed
  const rows = [
    ["smooth", _("Thick line: mean of the last 5 % of the steps")],
    ["terms", _("Show the terms of the losses")],
    ["all", _("Let the axis hold every value, outliers too")],
    ["log", _("Logarithmic losses"), signed ? _("This loss may be negative, and negative numbers have no logarithm.") : ""],
    ...(s.data.kind === "curves" ? [["rolling", _("Generated curves as a rolling mean of 5 points")]] : []),
  ]
  return rows.map(([name, words, refused]) => {
    const label = make("label", "", { title: refused ?? "" })
    const box = make("input", "", { type: "checkbox", checked: s.view[name] && !refused, disabled: Boolean(refused) })
    box.onchange = () => {
      s.view[name] = box.checked
      s.redraw()
    }
    label.append(box, words)
    return label
  })
}
