// Drawing on canvases, for every component that does: the theme's colours, and pixels as fine as the screen's.

// The value of a CSS variable where the component stands, by its name.
export const style = (s) => {
  const computed = getComputedStyle(s.root)
  return (name) => computed.getPropertyValue(name).trim()
}

// The theme's chart colours, in their order: D, generated, real, and those that mean no network.
export const palette = (css) =>
  css("--st-chart-categorical-colors")
    .split(",")
    .map((c) => c.trim())

// A canvas as sharp as the screen, emptied: its context, in CSS pixels.
export function crisp(canvas, width, height) {
  const scale = window.devicePixelRatio || 1
  const w = Math.round(width * scale)
  const h = Math.round(height * scale)
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
  }
  const context = canvas.getContext("2d")
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.clearRect(0, 0, width, height)
  return context
}
