// Draws one Plotly figure into its place and keeps what the viewer did to it (zoom, hidden curves) while new points arrive.
// A curve says its name and its newest value at its end, so that a running chart needs no legend.
import { palette } from "./canvas.js"
import { watchSize } from "./lifetime.js"
import { _ } from "./words.js"

// Positions in the theme's chart colours. Runs beside each other take those that mean no network; the fourth is the text's colour.
const ROLES = { D: 0, G: 1, real: 2, fake: 1, run1: 3, run2: 4, run3: 5 }
const LABEL_HEIGHT = 1.25 // of a label at a line's end, in sizes of the font

function plotly() {
  window.ganAtelierPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = new URL("app/static/vendor/plotly.min.js", document.baseURI).href
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => {
      window.ganAtelierPlotly = undefined
      script.remove()
      reject(new Error(_("plotly.js is missing")))
    }
    document.head.append(script)
  })
  return window.ganAtelierPlotly
}

function axis(data, title, range, type, css) {
  return {
    title: title ? { text: title, standoff: 6 } : undefined,
    type,
    range: range ?? undefined,
    autorange: !range,
    automargin: !data.labels, // charts beneath each other have their axes beneath each other
    gridcolor: css("--st-border-color"),
    linecolor: css("--st-border-color"),
    zeroline: false,
    nticks: data.ticks ?? 7,
    exponentformat: "power",
    minexponent: 6, // 20,000 and 0.0002 are read sooner than their powers
    separatethousands: true,
    tickfont: { size: data.size ?? 14 },
    ...(type === "log" ? { dtick: range ? Math.max(1, Math.ceil((range[1] - range[0]) / Math.min(5, data.ticks ?? 5))) : 1 } : {}),
  }
}

const short = (v) => (Math.abs(v) >= 1000 ? Math.round(v).toLocaleString("en") : Number(v.toPrecision(Math.abs(v) < 1 ? 2 : 3)).toString())

// The names at the ends of the curves, pushed apart where two would lie over one another.
function ends(data, traces, height, text) {
  const size = data.size ?? 15,
    log = data.log ? Math.log10 : (v) => v
  const found = traces.flatMap((t) => {
    if (!t.label) return []
    const i = t.y.findLastIndex((v) => v !== null)
    if (i < 0 || (data.log && t.y[i] <= 0)) return []
    const [low, high] = data.y_range ?? [log(Math.min(...t.y)), log(Math.max(...t.y))]
    const part = Math.max(0, Math.min(1, (log(t.y[i]) - low) / (high - low || 1)))
    return [
      {
        words: `${t.label} ${data.percent ? `${Math.round(100 * t.y[i])} %` : short(t.y[i])}`,
        colour: t.line.color,
        part,
        value: low + part * (high - low),
      },
    ]
  })
  found.sort((a, b) => a.part - b.part)
  const apart = (size * LABEL_HEIGHT) / Math.max(1, height)
  let above = 0
  for (const label of found) {
    label.at = Math.max(label.part, above)
    above = label.at + apart
  }
  let below = 1
  for (const label of found.toReversed()) {
    label.at = Math.min(label.at, below)
    below = label.at - apart
  }
  return found.map(({ words, colour, part, value, at }) => ({
    text: words,
    xref: "paper",
    x: 1,
    xanchor: "left",
    xshift: 6,
    y: value,
    yshift: (at - part) * height,
    yref: "y",
    showarrow: false,
    font: { size, color: colour ?? text },
  }))
}

function figure(data, css, box) {
  const colours = palette(css)
  const text = css("--st-text-color")
  const size = data.size ?? 14
  const traces = data.traces.map((t) => ({
    type: "scatter",
    mode: t.dots ? (t.dots === "only" ? "markers" : "lines+markers") : "lines",
    marker: { size: 7, opacity: t.faded ?? 1 },
    name: t.name,
    label: t.label,
    x: data.xs[t.x],
    y: t.y,
    legendgroup: t.group ?? t.name,
    showlegend: t.legend ?? true,
    opacity: t.opacity ?? 1,
    hoverinfo: t.quiet ? "skip" : undefined,
    hovertemplate: t.quiet ? undefined : "%{y:.4g}",
    line: { color: colours[ROLES[t.role]] ?? text, width: t.width ?? 2, dash: t.dash ?? "solid", shape: t.shape ?? "linear" },
    fill: t.fill ? "tozeroy" : "none",
  }))
  const labelled = data.labels ?? false
  const height = box?.clientHeight || data.height
  const legend = !labelled && traces.some((t) => t.showlegend)
  const levels = data.levels ?? (data.line === null || data.line === undefined ? [] : [[data.line, ""]])
  const inner = Math.max(20, height - (data.title ? 30 : 8) - 24)
  const layout = {
    height,
    margin: { l: labelled ? 46 : 8, r: labelled ? (data.room ?? 92) : 30, t: legend ? 30 : data.title ? 30 : 8, b: labelled ? 24 : 8 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: css("--st-font"), size, color: text },
    title: data.title
      ? { text: data.title, x: 0, xanchor: "left", y: 1, yanchor: "top", pad: { t: 6, l: 2 }, font: { size: size + 1 } }
      : undefined,
    uirevision: data.revision,
    hovermode: data.hover ?? "x unified",
    modebar: { orientation: "v", bgcolor: "rgba(0,0,0,0)", color: text, activecolor: css("--st-primary-color") },
    hoverlabel: { bgcolor: css("--st-secondary-background-color"), font: { color: text } },
    showlegend: legend,
    legend: { orientation: "h", y: 1, yanchor: "bottom", x: 0, itemwidth: 30, font: { size } },
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
    xaxis: axis(data, data.x_title, data.x_range, "linear", css),
    yaxis: axis(data, data.y_title, data.y_range, data.log ? "log" : "linear", css),
    annotations: [
      ...(labelled ? ends(data, traces, inner, text) : []),
      ...levels
        .filter(([, words]) => words)
        .map(([y, words]) => ({
          ...{
            text: words,
            xref: "paper",
            x: 0.995,
            xanchor: "right",
            y: data.log ? Math.log10(y) : y,
            yanchor: "bottom",
            showarrow: false,
          },
          font: { size: Math.max(12, size - 1), color: text },
          opacity: 0.8,
        })),
    ],
    shapes: levels.map(([y]) => ({
      type: "line",
      xref: "paper",
      x0: 0,
      x1: 1,
      y0: y,
      y1: y,
      line: { color: text, width: 1, dash: "dot" },
    })),
  }
  return { traces, layout }
}

// The marker of the time machine: a line of its own over the plot, since a redrawn figure would be too slow under a moving hand.
function markStep(place) {
  const step = window.ganAtelierStep?.[place.latest?.follow],
    x = place._fullLayout?.xaxis,
    y = place._fullLayout?.yaxis
  if (!place.marker?.isConnected) {
    if (step === undefined) return
    place.style.position = "relative"
    place.marker = document.createElement("div")
    place.marker.className = "marker"
    place.marker.style.cssText = "position:absolute;left:0;top:0;width:2px;pointer-events:none;background:var(--st-text-color);opacity:0.6"
    place.append(place.marker)
  }
  const at = step === undefined || !x?._length ? NaN : x.d2p(step)
  place.marker.hidden = !(at >= -1 && at <= x._length + 1)
  if (place.marker.hidden) return
  place.marker.dataset.step = step
  place.marker.style.transform = `translate(${x._offset + at - 1}px, ${y._offset}px)`
  place.marker.style.height = `${y._length}px`
}

async function redraw(place, gone) {
  const library = await plotly()
  const data = place.latest
  if (place.drawing || gone.aborted || !place.isConnected) return // drawn already with what is newest, or the chart left
  place.drawing = true
  try {
    const { traces, layout } = figure(data, place.css, place.box)
    if (place.zoomed) {
      for (const name of ["xaxis", "yaxis"]) {
        layout[name].range = place.layout[name].range.slice()
        layout[name].autorange = false
      }
    }
    await library.react(place, traces, layout, {
      displaylogo: false,
      responsive: true,
      displayModeBar: matchMedia("(pointer: coarse)").matches ? false : "hover",
      modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
    })
  } finally {
    place.drawing = false
  }
  place.dataset.points = String(Math.max(0, ...data.xs.map((x) => x.length)))
  if (gone.aborted) return
  markStep(place)
  if (!place.watched) watch(place, gone, library)
  if (place.latest !== data) await redraw(place, gone)
}

function watch(place, gone, library) {
  place.watched = true
  place.on("plotly_click", ({ points }) => {
    const detail = { run: place.latest.follow, step: points[0]?.x }
    if (detail.run) window.dispatchEvent(new CustomEvent("gan-atelier-seek", { detail }))
  })
  const moved = ({ detail }) => detail.run === place.latest.follow && markStep(place)
  window.addEventListener("gan-atelier-step", moved, { signal: gone })
  place.on("plotly_afterplot", () => markStep(place))
  place.on("plotly_relayout", (change) => {
    const keys = Object.keys(change)
    if (keys.some((k) => k.includes(".range"))) place.zoomed = true
    if (keys.some((k) => k.includes(".autorange"))) place.zoomed = false
  })
  place.on("plotly_doubleclick", () =>
    setTimeout(() => {
      place.zoomed = false
      redraw(place, gone)
    }, 0),
  )
  watchSize(place.box ?? place, () => place.isConnected && (place.box ? redraw(place, gone) : library.Plots.resize(place)), gone)
}

// Draws or redraws the chart in this element. `box`, if given, is an element whose size the chart takes; else its height is data.height.
export async function drawPlot(place, data, gone, box) {
  place.latest = data
  place.box = box
  place.css = (name) => getComputedStyle(place).getPropertyValue(name).trim()
  place.setAttribute("aria-label", data.alt)
  try {
    await redraw(place, gone)
  } catch (error) {
    if (!gone.aborted) place.textContent = _("This chart cannot be drawn: {why}.", { why: error.message })
  }
}

export const clearPlot = (place) => window.Plotly?.purge(place)
