// Texts for visitors in JavaScript: the same catalogue as gan_core.translation, given to the page as window.ganAtelierWords
// (English text -> text). What changes stands in braces: _("Step {step}", { step: 3 }).

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
const catalogue = () => globalThis.window?.ganAtelierWords ?? {}

export const _ = (text, values = {}) => fill(catalogue()[text] ?? text, values)

// The first text for a single thing, the second for none or several; {n} is the number.
export const ngettext = (one, many, n, values = {}) => _(n === 1 ? one : many, { n, ...values })

// The fixed texts of a piece of HTML, those of its attributes too.
export function translate(root) {
  for (const name of ["aria-label", "title", "placeholder"])
    for (const each of root.querySelectorAll(`[${name}]`)) each.setAttribute(name, _(each.getAttribute(name)))
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    const text = node.data.trim()
    if (text) node.data = node.data.replace(text, () => _(text))
  }
}
