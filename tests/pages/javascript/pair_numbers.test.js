import assert from "node:assert/strict"
import { test } from "node:test"
import { shortened, upTo } from "../../../pages/training_lab/pair/pair_numbers.js"

test("each side shows its newest picture up to the slider's step", () => {
  assert.equal(upTo([0, 5, 10], 7), 5)
  assert.equal(upTo([0, 5, 10], 10), 10)
  assert.equal(upTo([3, 5], 1), 3)
  assert.equal(upTo([], 1), undefined)
  assert.deepEqual(
    upTo([{ step: 1 }, { step: 4 }], 3, (said) => said.step),
    { step: 1 },
  )
})

test("a chart up to a step keeps its axes and loses what comes later", () => {
  const chart = {
    xs: [
      [1, 2, 3],
      [2, 4],
    ],
    traces: [
      { x: 0, y: [7, 8, 9] },
      { x: 1, y: [5, 6] },
    ],
    x_range: [0, 4],
  }
  const cut = shortened(chart, 2)
  assert.deepEqual(cut.xs, [[1, 2], [2]])
  assert.deepEqual(
    cut.traces.map((t) => t.y),
    [[7, 8], [5]],
  )
  assert.deepEqual(cut.x_range, [0, 4])
  assert.deepEqual(shortened(chart, Number.POSITIVE_INFINITY).xs, chart.xs)
  assert.equal(chart.traces[0].y.length, 3)
})
