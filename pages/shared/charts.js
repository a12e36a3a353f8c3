// Draws one Plotly figure into its place and keeps what the viewer did to it (zoom, hidden curves) while new points arrive.
// Positions in the theme's chart colours. Runs beside each other take those that mean no network; the fourth is the text's colour.
import { leaving, stateOf, watchSize } from "./lifetime.js"

const ROLES = { D: 0, G: 1, real: 2, fake: 1, run1: 3, run2: 4, run3: 5 }

function library() {
  window.ganAtelierPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = new URL("app/static/vendor/plotly.min.js", document.baseURI).href
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => {
      window.ganAtelierPlotly = undefined
      script.remove()
      reject(new Error("plotly.js is missing"))
    }
    document.head.append(script)
  })
  return window.ganAtelierPlotly
}

function axis(title, range, type, css) {
  return {
    title: { text: title, standoff: 6 },
    type,
    range: range ?? undefined,
    autorange: !range,
    automargin: true,
    gridcolor: css("--st-border-color"),
    linecolor: css("--st-border-color"),
    zeroline: false,
    nticks: 7,
    ...(type === "log" ? { dtick: range ? Math.ceil((range[1] - range[0]) / 5) : 1, exponentformat: "power" } : {}),
  }
}

function figure(data, css) {
  const colours = css("--st-chart-categorical-colors")
    .split(",")
    .map((c) => c.trim())
  const text = css("--st-text-color")
  const traces = data.traces.map((t) => ({
    type: "scatter",
    mode: t.dots ? "lines+markers" : "lines",
    marker: { size: 5 },
    name: t.name,
    x: data.xs[t.x],
    y: t.y,
    legendgroup: t.group ?? t.name,
    showlegend: t.legend ?? true,
    visible: t.folded ? "legendonly" : true,
    opacity: t.opacity ?? 1,
    hoverinfo: t.quiet ? "skip" : undefined,
    hovertemplate: t.quiet ? undefined : "%{y:.4g}",
    line: { color: colours[ROLES[t.role]] ?? text, width: t.width ?? 2, dash: t.dash ?? "solid", shape: t.shape ?? "linear" },
    fill: t.fill ? "tozeroy" : "none",
  }))
  const layout = {
    height: data.height,
    margin: { l: 8, r: 30, t: traces.some((t) => t.showlegend) ? 30 : 8, b: 8 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: css("--st-font"), size: 13, color: text },
    uirevision: data.revision,
    hovermode: data.hover ?? "x unified",
    modebar: { orientation: "v" }, // in the right margin: lying, it would cover the last words of the legend
    hoverlabel: { bgcolor: css("--st-secondary-background-color"), font: { color: text } },
    showlegend: true,
    legend: { orientation: "h", y: 1, yanchor: "bottom", x: 0, itemwidth: 30, font: { size: 12 } },
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
    xaxis: axis(data.x_title, data.x_range, "linear", css),
    yaxis: axis(data.y_title, data.y_range, data.log ? "log" : "linear", css),
    shapes:
      data.line === null
        ? []
        : [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: data.line, y1: data.line, line: { color: text, width: 1, dash: "dot" } }],
  }
  return { traces, layout }
}

// The marker of the time machine: a line of its own over the plot, since a redrawn figure would be too slow under a moving hand.
function mark(place) {
  const step = window.ganAtelierStep?.[place.latest?.follow],
    x = place._fullLayout?.xaxis,
    y = place._fullLayout?.yaxis
  if (!place.marker?.isConnected) {
    if (step === undefined) return
    place.style.position = "relative"
    place.marker = document.createElement("div")
    place.marker.className = "marker"
    place.marker.style.cssText =
      "position:absolute;left:0;top:0;width:2px;pointer-events:none;background:var(--st-primary-color);opacity:0.85"
    place.append(place.marker)
  }
  const at = step === undefined || !x?._length ? NaN : x.d2p(step)
  place.marker.hidden = !(at >= -1 && at <= x._length + 1)
  if (place.marker.hidden) return
  place.marker.dataset.step = step
  place.marker.style.transform = `translate(${x._offset + at - 1}px, ${y._offset}px)`
  place.marker.style.height = `${y._length}px`
}

async function draw(place, data, css, gone) {
  const plotly = await library()
  if (place.latest !== data || !place.isConnected) return // a newer one came while the library was loading, or the chart left
  const { traces, layout } = figure(data, css)
  if (place.zoomed) {
    for (const name of ["xaxis", "yaxis"]) {
      layout[name].range = place.layout[name].range.slice()
      layout[name].autorange = false
    }
  }
  await plotly.react(place, traces, layout, {
    displaylogo: false,
    responsive: true,
    modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
  })
  place.dataset.points = String(Math.max(0, ...data.xs.map((x) => x.length)))
  if (gone.aborted) return
  mark(place)
  if (place.watched) return
  place.watched = true
  place.on("plotly_click", ({ points }) => {
    const detail = { run: place.latest.follow, step: points[0]?.x }
    if (detail.run) window.dispatchEvent(new CustomEvent("gan-atelier-seek", { detail }))
  })
  const moved = ({ detail }) => detail.run === place.latest.follow && mark(place)
  window.addEventListener("gan-atelier-step", moved, { signal: gone })
  place.on("plotly_afterplot", () => mark(place))
  place.on("plotly_relayout", (change) => {
    const keys = Object.keys(change)
    if (keys.some((k) => k.includes(".range"))) place.zoomed = true
    if (keys.some((k) => k.includes(".autorange"))) place.zoomed = false
  })
  place.on("plotly_doubleclick", () =>
    setTimeout(() => {
      place.zoomed = false
      draw(place, place.latest, place.css, gone)
    }, 0),
  )
  watchSize(place, () => place.isConnected && plotly.Plots.resize(place), gone)
}

export default function ({ data, parentElement }) {
  const { place, gone } = stateOf(parentElement, () => ({ place: parentElement.querySelector(".chart") }))
  const css = (name) => getComputedStyle(place).getPropertyValue(name).trim()
  place.latest = data
  place.css = css
  place.style.minHeight = `${data.height}px`
  place.setAttribute("aria-label", data.alt)
  draw(place, data, css, gone.signal).catch((error) => {
    if (!gone.signal.aborted) place.textContent = `This chart cannot be drawn: ${error.message}.`
  })
  return leaving(parentElement, () => window.Plotly?.purge(place))
}
