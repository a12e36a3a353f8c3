// The numbers of the stage, with gaps: what was not finite comes as null, which JavaScript would quietly count as 0.

export const number = (v) => Math.round(v).toLocaleString("en")
export const inDigits = (v, digits = 4) => Number(v.toPrecision(digits)).toString() // a critic may count in thousands, or in hundredths
export const sigmoid = (v) => 1 / (1 + Math.exp(-v))
export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length
export const known = (values) => (values ?? []).filter((v) => v !== null)

// The stretches of a curve without gaps, as [index, value]: a line is drawn along each, and none between them.
export function pieces(curve) {
  const found = [[]]
  curve.forEach((v, i) => {
    if (v !== null) found[found.length - 1].push([i, v])
    else if (found[found.length - 1].length) found.push([])
  })
  return found.filter((piece) => piece.length)
}

// The means of `width` points each, the first of them at index `width`; null over a gap.
export function rolling(curve, width) {
  return curve.slice(width).map((_, i) => {
    const window = curve.slice(i + 1, i + 1 + width)
    return window.includes(null) ? null : mean(window)
  })
}

// The share of the values in each of so many bins between low and high; what lies outside counts to the outermost.
export function shares(values, low, high, bins) {
  const counts = new Array(bins).fill(0)
  for (const v of values) counts[Math.max(0, Math.min(bins - 1, Math.floor(((v - low) / (high - low)) * bins)))]++
  return counts.map((n) => n / (values.length || 1))
}
