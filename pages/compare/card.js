// One run beside others: its name with its line as charts draw it, its picture, its health, and three numbers with bars.
import { palette, style } from "../shared/canvas.js"

const DASHES = { solid: "", dash: "7 4", dot: "2 3", dashdot: "7 3 2 3" } // as plotly.js draws them

function element(name, className, text = "") {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

function line(colour, dash) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "0 0 30 8")
  svg.setAttribute("aria-hidden", "true")
  svg.innerHTML = `<line x1="0" y1="4" x2="30" y2="4" stroke-width="4" stroke-dasharray="${DASHES[dash]}"></line>`
  svg.firstChild.style.stroke = colour
  return svg
}

function bar({ word, text, share }, colour) {
  const row = element("div", "number")
  row.append(element("span", "word", word), element("b", "value", text))
  const track = element("div", share === null ? "none" : "track")
  if (share !== null) {
    const filled = element("i", "")
    filled.style.width = `${100 * share}%`
    filled.style.background = colour
    track.append(filled)
  }
  row.append(track)
  return row
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".card")
  const css = style({ root })
  const colour = palette(css)[data.role] ?? css("--st-text-color")
  const head = element("div", "head")
  head.append(line(colour, data.dash), element("b", "", data.title))
  const frame = element("div", "frame")
  if (data.source) frame.append(Object.assign(new Image(), { src: data.source, alt: data.alt }))
  const verdict = element("div", "verdict")
  verdict.dataset.level = data.level
  verdict.append(element("b", "", data.word), document.createTextNode(` ${data.sentence}`))
  const bars = element("div", "bars")
  bars.append(...data.numbers.map((number) => bar(number, colour)))
  const said = element("div", "said")
  said.append(verdict, bars)
  const body = element("div", "body")
  body.append(frame, said)
  root.replaceChildren(head, element("div", "about", data.about), body)
}
