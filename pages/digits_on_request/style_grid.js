// A grid of pictures, a row for each z and a column for each class. A cell is a link into the explorer: a click, or Enter, asks Python to go
// there within the app; with Ctrl, or the middle button, the browser opens it in a tab of its own. Arrow keys move through the grid.
export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".grid")
  grid.setAttribute("aria-label", data.label)
  grid.style.gridTemplateColumns = `auto repeat(${data.columns}, 1fr)`
  const kept = Number(grid.querySelector("a[tabindex='0']")?.dataset.index ?? 0)
  const source = `url(data:image/png;base64,${data.png})`
  const rows = data.cells.length / data.columns
  const head = document.createElement("div")
  head.className = "row"
  head.setAttribute("role", "row")
  head.append(text("columnheader", data.seed), ...Array.from({ length: data.columns }, (_, c) => text("columnheader", String(c))))
  const lines = [head]
  for (let r = 0; r < rows; r++) {
    const line = document.createElement("div")
    line.className = "row"
    line.setAttribute("role", "row")
    line.append(text("rowheader", String(data.seeds[r])))
    for (let c = 0; c < data.columns; c++) {
      const i = r * data.columns + c,
        cell = document.createElement("div"),
        link = document.createElement("a")
      cell.setAttribute("role", "gridcell")
      link.href = new URL(data.links[i], document.baseURI)
      link.dataset.index = i
      link.tabIndex = -1
      link.setAttribute("aria-label", data.cells[i])
      link.title = data.cells[i]
      link.classList.toggle("wrong", data.wrong.includes(i))
      link.style.backgroundImage = source
      link.style.backgroundSize = `${100 * data.columns}% ${100 * rows}%`
      link.style.backgroundPosition = `${(100 * c) / (data.columns - 1)}% ${rows > 1 ? (100 * r) / (rows - 1) : 0}%`
      cell.append(link)
      line.append(cell)
    }
    lines.push(line)
  }
  grid.replaceChildren(...lines)
  const links = [...grid.querySelectorAll("a")]
  const stand = (i, focus) => {
    const there = links[Math.max(0, Math.min(links.length - 1, i))]
    for (const link of links) link.tabIndex = link === there ? 0 : -1
    if (focus) there.focus()
  }
  stand(kept, false)
  grid.onclick = (event) => {
    const link = event.target.closest("a")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    stand(Number(link.dataset.index), true)
    inOneStep()
    setTriggerValue("cell", Number(link.dataset.index))
  }
  grid.onkeydown = (event) => {
    const i = Number(event.target.dataset?.index),
      c = i % data.columns
    const to = {
      ArrowRight: c < data.columns - 1 ? i + 1 : i,
      ArrowLeft: c ? i - 1 : i,
      ArrowDown: i + data.columns,
      ArrowUp: i - data.columns,
      Home: i - c,
      End: i - c + data.columns - 1,
    }[event.key]
    if (to === undefined || Number.isNaN(i)) return
    event.preventDefault()
    if (to >= 0 && to < links.length) stand(to, true)
  }
}

const WAY = 3000 // ms until the other page stands, with time to spare

// Streamlit makes a step in the browser's history of every change that Python makes in the address: on the way to another page two or three, some
// of them while this page is still there. For as long as the way takes they are one step, so that Back leads to this page as it was.
function inOneStep() {
  const history = window.history,
    from = window.location.pathname
  let left = false
  history.pushState = (state, title, url) => {
    const to = new URL(url, window.location.href).pathname
    if (!left && to === from) return
    if (to === window.location.pathname) history.replaceState(state, title, url)
    else Object.getPrototypeOf(history).pushState.call(history, state, title, url)
    left = true
  }
  setTimeout(() => {
    delete history.pushState
  }, WAY) // what stands there again is the browser's own
}

function text(role, words) {
  const element = document.createElement("div")
  element.setAttribute("role", role)
  element.className = role
  element.textContent = words
  return element
}
