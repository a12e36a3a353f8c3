// One chart as a component of its own; see plot.js for what it does.
import { leaving, stateOf } from "./lifetime.js"
import { clearPlot, drawPlot } from "./plot.js"

export default function ({ data, parentElement }) {
  const { place, gone } = stateOf(parentElement, () => ({ place: parentElement.querySelector(".chart") }))
  place.style.minHeight = `${data.height}px`
  drawPlot(place, data, gone.signal)
  return leaving(parentElement, () => clearPlot(place))
}
