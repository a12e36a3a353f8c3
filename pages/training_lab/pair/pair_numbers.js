// The last of the items, in rising order, that lies at or before `at`; the first where all lie after it, undefined where there is none.
export function upTo(items, at, key = (item) => item) {
  let found = items[0]
  for (const item of items) {
    if (key(item) > at) break
    found = item
  }
  return found
}

// A chart with its curves up to a step; its axes stay as they are.
export function shortened(chart, until) {
  const counts = chart.xs.map((x) => x.filter((step) => step <= until).length)
  return {
    ...chart,
    xs: chart.xs.map((x, i) => x.slice(0, counts[i])),
    traces: chart.traces.map((t) => ({ ...t, y: t.y.slice(0, counts[t.x]) })),
  }
}
