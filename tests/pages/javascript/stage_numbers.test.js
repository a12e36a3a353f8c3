// The numbers of the stage where a training diverged: gaps stay gaps.
import assert from "node:assert/strict"
import { test } from "node:test"
import { inDigits, known, mean, pieces, rolling, shares } from "../../../pages/training_lab/run/stage_numbers.js"

test("a line is drawn along what is known, not through a gap", () => {
  assert.deepEqual(pieces([1, 2, null, null, 3]), [
    [
      [0, 1],
      [1, 2],
    ],
    [[4, 3]],
  ])
  assert.deepEqual(pieces([null, null]), [])
  assert.deepEqual(pieces([null, 0]), [[[1, 0]]])
})

test("a rolling mean over a gap is one", () => {
  assert.deepEqual(rolling([9, 1, 2, 3, 4], 2), [1.5, 2.5, 3.5])
  assert.deepEqual(rolling([9, 1, null, 3, 4], 2), [null, null, 3.5])
})

test("what is not known is in no bin and no mean", () => {
  const values = known([0, 1, null, 0.5, null, 7])
  assert.deepEqual(shares(values, 0, 1, 2), [0.25, 0.75])
  assert.equal(mean(values), 8.5 / 4)
  assert.deepEqual(shares(known(undefined), 0, 1, 2), [0, 0])
  assert.equal(inDigits(1234.56, 3), "1230")
})
