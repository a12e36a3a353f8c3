// The variants as cards: one is chosen. They stay the same elements from one drawing of the page to the next, so that the strip that a
// telephone shows stays where it was swiped to.
const build = (root, cards) => {
  root.replaceChildren()
  const add = (parent, tag, fields) => parent.appendChild(Object.assign(document.createElement(tag), fields))
  return cards.map((card) => {
    const button = add(root, "button", { type: "button", className: "card", title: card.about })
    button.dataset.name = card.name
    if (card.picture) add(button, "img", { src: card.picture, alt: card.alt })
    else add(button, "span", { className: "missing", textContent: card.missing })
    add(button, "b", { textContent: card.title })
    add(button, "small", { textContent: card.facts })
    return button
  })
}
const states = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cards")
  const shape = JSON.stringify(data.cards)
  let s = states.get(parentElement)
  const first = s?.shape !== shape
  if (first) states.set(parentElement, (s = { shape, buttons: build(root, data.cards) }))
  root.setAttribute("aria-label", data.label)
  for (const button of s.buttons) {
    const chosen = button.dataset.name === data.chosen
    button.setAttribute("aria-pressed", String(chosen))
    button.onclick = () => setTriggerValue("chosen", button.dataset.name)
    if (chosen && root.scrollWidth > root.clientWidth) {
      root.scrollTo({ left: button.offsetLeft - (root.clientWidth - button.offsetWidth) / 2, behavior: first ? "instant" : "smooth" })
    }
  }
}
