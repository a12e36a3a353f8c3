// Two classifiers' answers to one picture as bars that move. Rows and bars stay the same elements, so that a change is a movement.
const build = (root, columns, rows, extra) => {
  root.replaceChildren()
  const add = (name, text = "") => root.appendChild(Object.assign(document.createElement("div"), { className: name, textContent: text }))
  add("head")
  for (const { title, about } of columns) {
    const head = add("head", title)
    head.appendChild(Object.assign(document.createElement("small"), { textContent: about }))
  }
  const bar = (kind) => {
    const track = add(`track ${kind}`)
    track.innerHTML = '<div class="fill"></div><div class="value"><span></span></div>'
    return { fill: track.querySelector(".fill"), value: track.querySelector("span") }
  }
  const made = rows.map((name) => ({ name: add("name", name), bars: columns.map((c) => bar(c.kind)) }))
  add("rule")
  made.push({ name: add("name", extra), bars: [bar("fake")] })
  add("")
  return made
}
const states = new WeakMap()

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".bars"),
    { columns, rows, extra } = data
  const shape = JSON.stringify([columns.map(({ title, about, kind }) => [title, about, kind]), rows, extra])
  let s = states.get(parentElement)
  if (s?.shape !== shape) states.set(parentElement, (s = { shape, made: build(root, columns, rows, extra) }))
  root.setAttribute("aria-label", data.alt)
  s.made.forEach(({ name, bars }, i) => {
    bars.forEach(({ fill, value }, j) => {
      const p = columns[j].values?.[i]
      fill.style.width = `${100 * (p ?? 0)}%`
      value.textContent = p == null ? "–" : p > 0 && p < 0.001 ? "< 0.1 %" : `${(100 * p).toFixed(1)} %`
    })
    name.classList.toggle("most", columns[0].values?.indexOf(Math.max(...columns[0].values)) === i)
  })
  root.dataset.digit = data.digit
  root.dataset.revision = data.revision // last: who waits for it finds the rest done
}
