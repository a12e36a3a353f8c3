// Places in latent space: what an address says is what was seen, and what it cannot mean gets a sentence.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { between, decode, encode, fresh, latent, shares, stored, unknown } from "../../../pages/latent_space/explorer/place.js"

const Z = 6
const normal = { kind: "normal", bounds: [-5, 5] }
const uniform = { kind: "uniform", bounds: [-1, 1] }

// An explorer's state, as far as places need it; z of the first ten seeds are known.
function state(prior = normal, classes = 10) {
  const drawn = new Map(Array.from({ length: 10 }, (_, seed) => [seed, Float32Array.from({ length: Z }, (_, i) => Math.sin(seed * 7 + i))]))
  const directions = [{ name: "stroke width", vector: Float32Array.from({ length: Z }, (_, i) => i / 10) }]
  return { g: { z: Z, classes, prior }, data: { seed: 3, digit: 4, directions }, drawn }
}

// Places of every kind, the same ones every time.
function* places(s) {
  let seed = 1
  const random = () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  }
  for (let n = 0; n < 200; n++) {
    const place = fresh(s.data)
    if (n % 2) Object.assign(place, { u: Math.round(random() * 2000 - 1000) / 1000, v: Math.round(random() * 1000) / 1000 })
    if (n % 3 === 0) place.psi = Math.round(random() * 100) / 100
    if (n % 4 === 0) place.along = { "stroke width": Math.round(random() * 400 - 200) / 100 }
    if (n % 5 === 0) place.moves = { [n % Z]: Math.round(random() * 100) / 100, 0: -0.25 }
    if (n % 7 === 0) place.anchors[1] = { z: stored(Float32Array.from({ length: Z }, () => 4 * random() - 2)) }
    if (s.g.classes && n % 2 === 0) place.asked = [n % 10, (n + 3) % 10, Math.round(random() * 100) / 100]
    yield place
  }
}

for (const [name, s] of [
  ["normal prior, ten classes", state()],
  ["uniform prior, none", state(uniform, 0)],
]) {
  test(`an address holds a place to the last bit of z: ${name}`, () => {
    for (const place of places(s)) {
      const again = decode(s, encode(s, place))
      assert.deepEqual(latent(s, again), latent(s, place))
      assert.deepEqual(shares(s.g, again.asked), shares(s.g, place.asked))
      assert.equal(encode(s, again, true), encode(s, place, true))
      assert.match(encode(s, place, true), /^[\w.*_-]*$/) // nothing that an address would have to escape
    }
  })
}

test("where the seed's own z stands the address is empty", () => {
  const s = state()
  assert.equal(encode(s, fresh(s.data)), "")
  assert.deepEqual(latent(s, decode(s, "")), s.drawn.get(3))
})

test("what an address cannot mean is refused with what is wrong", () => {
  const s = state()
  for (const [code, words] of [
    ["q1", /has no meaning/],
    ["t-1", /does not fit/],
    ["t101", /does not fit/],
    ["c12", /does not fit/],
    ["p1.x", /does not fit/],
    ["m1", /has no value/],
    ["m99.1", /does not fit/],
    ["aZAAAAAAAA.1.2", /3 coordinates instead of 6/],
    ["aZA.1.2", /cut off|coordinates/],
    ["a1.2.99999999999", /does not fit/],
  ]) {
    assert.throws(() => decode(s, code), words, code)
  }
})

test("a seed that is not here yet is named, not guessed", () => {
  const s = state()
  assert.deepEqual(unknown(s, decode(s, "a3.77.5")), [77])
})

test("between places z goes where PyTorch goes", () => {
  const { ways } = JSON.parse(readFileSync(process.env.GAN_ATELIER_CASES, "utf8"))
  for (const { prior, bounds, zs, weights, z } of ways) {
    const made = between({ z: zs[0].length, prior: { kind: prior, bounds } }, zs, weights)
    made.forEach((v, i) => {
      assert.ok(Math.abs(v - z[i]) < 1e-5, `${v} is not ${z[i]}`)
    })
  }
})
