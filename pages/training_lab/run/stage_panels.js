// The stage's charts: two at a time, four on a wide screen, all of a run's numbers behind four words.
import { make } from "../../shared/elements.js"
import { clearPlot, drawPlot } from "../../shared/plot.js"
import { _ } from "../../shared/words.js"
import { toggleOver, viewParts } from "./stage_over.js"

const WIDE = 1500 // pixels of the stage from which two panels stand beside each other

const titles = {
  game: () => _("Losses and D"),
  samples: () => _("Samples"),
  distances: () => _("Distances"),
  inside: () => _("Gradients and scores"),
}

// Makes a panel for each of {name: [chart, chart]}; "histogram" is drawn by the stage itself.
export function makePanels(s, panels, gone) {
  s.plots = {}
  s.tabs.replaceChildren()
  s.panels.replaceChildren()
  for (const [name, charts] of Object.entries(panels)) {
    const tab = make("button", titles[name](), { type: "button", onclick: () => choose(s, name) })
    tab.setAttribute("role", "tab")
    tab.dataset.panel = name
    s.tabs.append(tab)
    const panel = make("div", "", { className: "panel" })
    panel.dataset.panel = name
    for (const chart of charts) {
      const box = make("div", "", { className: "box" })
      box.dataset.chart = chart
      if (chart === "histogram") {
        s.legend = make("p", "", { className: "legend" })
        s.histogram = document.createElement("canvas")
        s.histogram.setAttribute("role", "img")
        box.append(s.legend, s.histogram)
      } else {
        const place = make("div", "", { className: "chart" })
        place.setAttribute("role", "img")
        box.append(place)
        s.plots[chart] = { place, box, gone }
      }
      panel.append(box)
    }
    s.panels.append(panel)
  }
  const options = make("button", _("Options"), { type: "button", className: "options" })
  options.setAttribute("aria-expanded", "false")
  options.onclick = () => toggleOver(s, "view", options, viewParts)
  s.tabs.append(options)
  s.chosen ??= "game"
}

function choose(s, name) {
  s.chosen = name
  s.redraw()
}

export function showPanels(s) {
  const names = Object.keys(s.data.panels)
  if (!names.includes(s.chosen)) s.chosen = names[0]
  const at = names.indexOf(s.chosen)
  const shown = s.root.clientWidth >= WIDE ? [s.chosen, names[(at + 1) % names.length]] : [s.chosen]
  for (const tab of s.tabs.querySelectorAll("[role=tab]")) tab.setAttribute("aria-selected", String(shown.includes(tab.dataset.panel)))
  for (const panel of s.panels.children) {
    panel.hidden = !shown.includes(panel.dataset.panel)
    panel.style.order = shown.indexOf(panel.dataset.panel)
  }
  for (const name of shown)
    for (const chart of s.data.panels[name])
      if (s.plots[chart]) drawPlot(s.plots[chart].place, asked(s, s.data.charts[chart]), s.plots[chart].gone, s.plots[chart].box)
}

// The chart as the viewer wants it: smooth or raw, with or without its terms, capped or whole, linear or logarithmic.
function asked(s, chart) {
  const { view } = s
  const narrow = s.root.clientWidth < 640
  const smoothed = new Set(chart.traces.filter((t) => t.smooth && t.y.length).map((t) => t.group))
  const traces = chart.traces
    .filter((t) => (view.terms || !t.term) && (view.smooth || !t.smooth) && !(t.smooth && !t.y.length))
    .map((t) => {
      const faint = t.raw && view.smooth && smoothed.has(t.group)
      return { ...t, label: faint ? undefined : t.label, opacity: faint ? 0.3 : 1, width: faint ? 1 : (t.width ?? 2.4), quiet: faint }
    })
  const log = chart.log || (view.log && chart.loss && !chart.signed)
  const values = traces.flatMap((t) => t.y).filter((v) => v !== null)
  let range = chart.y_range
  if (log && !chart.log) {
    const positive = values.filter((v) => v > 0).map(Math.log10)
    range = positive.length ? [Math.floor(Math.min(...positive)), Math.floor(Math.max(...positive)) + 1] : [-2, 1]
  } else if (view.all && chart.loss && values.length) range = [Math.min(0, ...values), Math.max(...values) * 1.02 || 1]
  return {
    ...chart,
    traces,
    levels: narrow ? chart.levels.map(([level]) => [level, ""]) : chart.levels,
    log,
    y_range: range,
    labels: true,
    ticks: 3,
    size: narrow ? 12 : 15,
    room: narrow ? 78 : 112,
    title: narrow ? chart.brief : chart.title,
    hover: "x unified",
    revision: `${s.data.run} ${chart.name} ${log}`,
    follow: s.data.run,
  }
}

export function clearPanels(s) {
  for (const { place } of Object.values(s.plots ?? {})) clearPlot(place)
}
