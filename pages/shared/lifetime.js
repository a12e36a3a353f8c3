// What a component keeps from call to call, and how it leaves. Streamlit calls a component with each change of its data, always for the
// same element, and calls what that returned when the element is taken off the page.
const states = new WeakMap()

// The state of the component in this element. `begin` makes it at the first call, with a signal that is aborted when the component
// leaves: listeners on the window and observers end with it.
export function stateOf(parentElement, begin) {
  let s = states.get(parentElement)
  if (!s) {
    const gone = new AbortController()
    s = Object.assign(begin(parentElement, gone.signal), { calls: 0, gone })
    states.set(parentElement, s)
  }
  s.calls += 1
  return s
}

// What a component returns to Streamlit: it does `end`, once, and drops the state. Of two calls in quick succession Streamlit lets the
// first one leave although the second has drawn already: a call that was overtaken ends nothing.
export function leaving(parentElement, end = () => {}) {
  const s = states.get(parentElement)
  const call = s.calls
  return () => {
    if (s.calls !== call || s.gone.signal.aborted) return
    states.delete(parentElement)
    s.gone.abort()
    end(s)
  }
}

// Calls `resized` when the element has another size, until the signal is aborted.
export function watchSize(element, resized, signal) {
  const observer = new ResizeObserver(resized)
  observer.observe(element)
  signal.addEventListener("abort", () => observer.disconnect(), { once: true })
}
