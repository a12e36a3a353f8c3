// What a component keeps and how it leaves: once, and not because a call that was overtaken leaves.
import assert from "node:assert/strict"
import { test } from "node:test"
import { leaving, stateOf } from "../../../pages/shared/lifetime.js"

const begin = (element, gone) => ({ element, gone_signal: gone, heard: 0 })

test("the state is made once, for its element", () => {
  const here = {}
  const there = {}
  const s = stateOf(here, begin)
  assert.equal(s.element, here)
  assert.equal(s.calls, 1)
  assert.equal(stateOf(here, begin), s)
  assert.equal(s.calls, 2)
  assert.notEqual(stateOf(there, begin), s)
})

test("listeners end when the component leaves, and it begins anew if it is called again", () => {
  const element = {}
  const ended = []
  const s = stateOf(element, begin)
  const window = new EventTarget()
  window.addEventListener("step", () => (s.heard += 1), { signal: s.gone_signal })
  const leave = leaving(element, (state) => ended.push(state))
  window.dispatchEvent(new Event("step"))
  leave()
  leave()
  window.dispatchEvent(new Event("step"))
  assert.equal(s.heard, 1)
  assert.deepEqual(ended, [s])
  assert.notEqual(stateOf(element, begin), s)
})

test("a call that was overtaken ends nothing", () => {
  const element = {}
  const s = stateOf(element, begin)
  const overtaken = leaving(element, () => assert.fail("ended by an overtaken call"))
  stateOf(element, begin)
  const leave = leaving(element)
  overtaken()
  assert.equal(s.gone.signal.aborted, false)
  assert.equal(stateOf(element, begin), s)
  leave() // overtaken by the call above
  assert.equal(s.gone.signal.aborted, false)
  leaving(element)()
  assert.equal(s.gone.signal.aborted, true)
})
