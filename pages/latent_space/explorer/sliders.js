// The sliders: single coordinates of z, the most influential first; directions; truncation; the classes asked of G.
import { _ } from "../../shared/words.js"
import { change, rest, walk } from "./moves.js"
import { round } from "./place.js"

const SHOWN = window.matchMedia("(max-width: 640px)").matches ? 6 : 12 // coordinates at a time
const PARTS = 1000 // a normal coordinate's slider runs over its quantiles in so many parts, from the first to the last

// Quantiles of N(0, 1) and back. Source: Acklam's rational approximation; Abramowitz & Stegun 1964, 7.1.26.
function quantile(p) {
  const a = [-39.6968302866538, 220.946098424521, -275.928510446969, 138.357751867269, -30.6647980661472, 2.50662827745924]
  const b = [-54.4760987982241, 161.585836858041, -155.698979859887, 66.8013118877197, -13.2806815528857, 1]
  const c = [-0.00778489400243029, -0.322396458041136, -2.40075827716184, -2.54973253934373, 4.37466414146497, 2.93816398269878]
  const d = [0.00778469570904146, 0.32246712907004, 2.445134137143, 3.75440866190742, 1]
  const at = (terms, x) => terms.reduce((sum, term) => sum * x + term, 0)
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p))
    return at(c, q) / at(d, q)
  }
  if (p > 1 - 0.02425) return -quantile(1 - p)
  const q = p - 0.5
  return (q * at(a, q * q)) / at(b, q * q)
}
function below(z) {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2)
  const erf = 1 - t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp((-z * z) / 2)
  return 0.5 * (1 + Math.sign(z) * erf)
}

// One labelled slider. `moved` is called with its value on the way, and again at rest.
function slider(s, name, low, high, step, moved) {
  const box = document.createElement("label"),
    label = document.createElement("span"),
    input = document.createElement("input"),
    output = document.createElement("output")
  box.className = "slider"
  label.className = "name"
  label.textContent = name
  label.title = name
  Object.assign(input, { type: "range", min: low, max: high, step })
  input.setAttribute("aria-label", name)
  input.oninput = (event) => {
    walk(s, null)
    s.since ??= event.timeStamp
    moved(Number(input.value))
  }
  input.onchange = () => rest(s)
  input.onpointerdown = () => {
    s.down = true
  }
  input.onpointerup = input.onpointercancel = () => {
    s.down = false
    rest(s)
  }
  box.append(label, input, output)
  return { box, input, output }
}

export function coordinates(s) {
  const g = s.g,
    [low, high] = g.prior.bounds,
    normal = g.prior.kind === "normal"
  s.order = s.data.order
  s.page = 0
  const sheet = s.el.coordinates.querySelector(".sliders"),
    pager = s.el.coordinates.querySelector(".pager")
  const fill = () => {
    s.sliders = s.order.slice(s.page, s.page + SHOWN).map((i) => {
      const made = normal
        ? slider(s, `z${i + 1}`, 0, PARTS, 5, (p) => set(i, quantile(Math.max(1, Math.min(PARTS - 1, p)) / PARTS)))
        : slider(s, `z${i + 1}`, low, high, 0.01, (v) => set(i, v))
      return { ...made, i }
    })
    sheet.replaceChildren(...s.sliders.map((each) => each.box))
    const shown = { first: s.page + 1, last: Math.min(s.page + SHOWN, g.z), n: g.z }
    s.el.shown.textContent = g.z > SHOWN ? _("{first} to {last} of {n} by influence", shown) : ""
    s.el.before.disabled = s.page === 0
    s.el.after.disabled = s.page + SHOWN >= g.z
    sync(s)
  }
  const set = (i, v) => change(s, { moves: { ...s.place.moves, [i]: round(v, 100) } })
  const turn = (by) => {
    s.page += by
    fill()
  }
  s.el.before.onclick = () => turn(-SHOWN)
  s.el.after.onclick = () => turn(SHOWN)
  s.el.before.hidden = s.el.after.hidden = g.z <= SHOWN
  s.el.restore.onclick = () => change(s, { moves: {} })
  const range = { prior: g.prior.name, low, high }
  const where = normal
    ? _("The prior is {prior}. The sliders run through its quantiles, from 0.1 % to 99.9 %.", range)
    : _("The prior is {prior}. The sliders run over all of it, from {low} to {high}.", range)
  s.el.coordinates.querySelector(".range").textContent = `${where} ${s.data.ordered}`
  pager.hidden = false
  fill()
}

export function directions(s) {
  const found = s.data.directions,
    sheet = s.el.directions.querySelector(".sliders")
  s.el.directions.hidden = !found.length
  s.el.directions.querySelectorAll(".more").forEach((each) => {
    each.remove()
  })
  s.ways = found.map((d) => {
    const made = slider(s, d.title, d.low, d.high, (d.high - d.low) / 120, (v) => {
      const along = { ...s.place.along, [d.name]: round(v, 100) }
      if (!along[d.name]) delete along[d.name]
      change(s, { along })
    })
    const quality = document.createElement("span")
    quality.className = "quality"
    quality.textContent = d.quality
    made.box.append(quality)
    made.box.classList.toggle("weak", Boolean(d.weak))
    return { ...made, name: d.name }
  })
  sheet.replaceChildren()
  for (const group of new Set(found.map((d) => d.group))) {
    const boxes = s.ways.filter((_, k) => found[k].group === group).map((each) => each.box)
    if (!group) {
      sheet.append(...boxes)
      continue
    }
    const more = document.createElement("details"),
      summary = document.createElement("summary"),
      inner = document.createElement("div")
    more.className = "more"
    inner.className = "sliders"
    summary.textContent = group
    inner.append(...boxes)
    more.append(summary, inner)
    s.el.directions.append(more)
  }
  s.el.directions.querySelector(":scope > .small").textContent = s.data.about_directions ?? ""
}

export function classes(s) {
  const k = s.g.classes,
    choices = s.root.querySelector(".classes")
  s.el.asked.hidden = !k
  if (!k) return
  s.el.word.textContent = s.data.word
  choices.setAttribute("aria-label", s.data.word)
  const choose = (c) => {
    walk(s, null)
    change(s, { asked: [c, s.place.asked[1], s.place.asked[2]] })
  }
  s.chips = Array.from({ length: k }, (_class, c) => {
    const chip = document.createElement("button")
    chip.type = "button"
    chip.textContent = c
    chip.setAttribute("role", "radio")
    chip.setAttribute("aria-label", `${s.data.word} ${c}`)
    chip.onclick = () => choose(c)
    chip.onkeydown = (event) => {
      const to = { ArrowRight: c + 1, ArrowDown: c + 1, ArrowLeft: c - 1, ArrowUp: c - 1, Home: 0, End: k - 1 }[event.key]
      if (to === undefined) return
      event.preventDefault()
      choose((to + k) % k)
      s.chips[(to + k) % k].focus()
    }
    return chip
  })
  choices.replaceChildren(...s.chips)
  s.el.second.replaceChildren(...s.chips.map((_chip, c) => new Option(c, c)))
  s.el.second.onchange = () => {
    walk(s, null)
    change(s, { asked: [s.place.asked[0], Number(s.el.second.value), s.place.asked[2] || 0.5] })
  }
  s.el.share.setAttribute("aria-label", _("Share of the second class"))
  s.el.share.oninput = () => {
    walk(s, null)
    change(s, { asked: [s.place.asked[0], Number(s.el.second.value), Number(s.el.share.value) / 100] })
  }
}

// All controls to where the place stands; the one under the hand is left alone.
export function sync(s) {
  const { place, g } = s,
    z = s.shown?.z ?? s.z,
    held = s.root.getRootNode().activeElement
  if (!z) return
  for (const { i, input, output, box } of s.sliders ?? []) {
    if (input !== held || !s.down) input.value = g.prior.kind === "normal" ? Math.round(below(z[i]) * PARTS) : z[i]
    output.textContent = z[i].toFixed(2)
    input.setAttribute(
      "aria-valuetext",
      g.prior.kind === "normal" ? _("{value}, quantile {p}", { value: z[i].toFixed(2), p: below(z[i]).toFixed(3) }) : z[i].toFixed(2),
    )
    box.classList.toggle("moved", i in place.moves)
  }
  for (const { name, input, output, box } of s.ways ?? []) {
    const amount = place.along[name] ?? 0
    input.value = amount
    output.textContent = amount.toFixed(2)
    box.classList.toggle("moved", Boolean(amount))
  }
  s.el.restore.disabled = !Object.keys(place.moves).length
  s.el.psi.value = Math.round(100 * place.psi)
  s.el.truncating.querySelector("output").textContent = place.psi.toFixed(2)
  if (!g.classes) return
  const [a, b, share] = place.asked
  s.chips.forEach((chip, c) => {
    chip.setAttribute("aria-checked", String(c === a))
    chip.tabIndex = c === a ? 0 : -1
  })
  const other = b === a ? (a + 1) % g.classes : b // what a share given now would go to
  s.el.second.value = other
  s.el.share.value = Math.round(100 * share)
  s.root.querySelector(".blending output").textContent = `${Math.round(100 * share)} % ${other}`
}
