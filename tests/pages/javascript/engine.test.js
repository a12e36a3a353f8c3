// The engine against PyTorch: tests/pages/test_javascript.py writes what the generators of PyTorch make, and names the file here.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { generate, unpack } from "../../../pages/latent_space/explorer/engine.js"

const cases = JSON.parse(readFileSync(process.env.GAN_ATELIER_CASES, "utf8"))

for (const { name, content, z, y, x } of cases.generators) {
  test(`${name} makes what PyTorch makes of the same z`, () => {
    const g = unpack(new Uint8Array(Buffer.from(content, "base64")))
    z.forEach((one, i) => {
      const made = generate(g, Float32Array.from(one), y && Float32Array.from(y[i]))
      assert.equal(made.length, x[i].length)
      const off = Math.max(...x[i].map((v, k) => Math.abs(v - made[k])))
      assert.ok(off < 1e-3, `off by ${off}`)
    })
  })
}

test("a layer of an unknown kind is refused by name", () => {
  const empty = { at: 0, count: 0 }
  const header = new TextEncoder().encode(JSON.stringify({ layers: [{ kind: "sideways", weight: empty, bias: empty }] }).padEnd(128))
  const bytes = new Uint8Array(4 + header.length)
  new DataView(bytes.buffer).setUint32(0, header.length, true)
  bytes.set(header, 4)
  assert.throws(() => unpack(bytes), /sideways/)
})
