// The glossary in components: pages/shared/terms.py, which says how terms are marked and what `glossary` is.
const MARK = /\[\[([^\]|]+)(?:\|([^\]]+))?\]\]/
// Makes every marked term in the texts below `root` a button that opens its explanation.
export function mark(root, glossary) {
  const texts = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) if (MARK.test(walker.currentNode.data)) texts.push(walker.currentNode)
  for (const text of texts)
    for (let found = MARK.exec(text.data); found; found = MARK.exec(text.data)) {
      const [whole, word, name = word] = found
      text.before(text.data.slice(0, found.index), ...explained(word, glossary.cards[name], glossary.style))
      text.data = text.data.slice(found.index + whole.length)
    }
}

function explained(word, meaning, style) {
  const button = document.createElement("button")
  const card = document.createElement("span")
  button.type = "button"
  button.textContent = word
  button.style.cssText = style.word
  button.popoverTargetElement = card
  card.popover = "auto"
  card.textContent = meaning
  card.style.cssText = style.card
  card.setAttribute("role", "note")
  return [button, card]
}
