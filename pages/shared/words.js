// Texts for visitors in JavaScript: the same catalogue as gan_core.translation, given to the page as window.ganAtelierWords
// (English text -> text). What changes stands in braces: _("Step {step}", { step: 3 }).

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
const catalogue = () => globalThis.window?.ganAtelierWords ?? {}

export const _ = (text, values = {}) => fill(catalogue()[text] ?? text, values)

// The first text for a single thing, the second for none or several; {n} is the number.
export const ngettext = (one, many, n, values = {}) => _(n === 1 ? one : many, { n, ...values })
