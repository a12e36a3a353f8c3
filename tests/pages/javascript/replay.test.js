// A recorded training as a loop: what stands below a frame, and how long it stays.
import assert from "node:assert/strict"
import { test } from "node:test"
import { caption, stay } from "../../../pages/shared/replay.js"

test("a frame says its step, and what of it can be read where that is known", () => {
  assert.deepEqual(caption({ step: 1200, readable: 76, n: 80 }, 1200), {
    step: "Step 1,200 of 1,200",
    readable: "76 of 80 can be read",
    share: 0.95,
  })
  assert.deepEqual(caption({ step: 0, readable: 0, n: 80 }, 1200), { step: "Step 0 of 1,200", readable: "0 of 80 can be read", share: 0 })
  assert.deepEqual(caption({ step: 4, readable: null, n: null }, 1200), { step: "Step 4 of 1,200", readable: "", share: null })
})

test("the noise and what came of it stay longer than what lies between", () => {
  const stays = [0, 1, 2, 3].map((place) => stay(place, 4))
  assert.equal(stays[1], stays[2])
  assert.ok(stays[0] > stays[1] && stays[3] > stays[0])
})
