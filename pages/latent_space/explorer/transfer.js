// Puts the bytes of a generator where the page's engines look for them. They stay when the page is redrawn.
export default function ({ data }) {
  const bytes = data.slice(),
    length = new DataView(bytes.buffer).getUint32(0, true)
  const { name } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  const arrived = (window.ganAtelierBytes ??= new Map())
  arrived.delete(name)
  arrived.set(name, bytes)
  if (arrived.size > 12) arrived.delete(arrived.keys().next().value)
  window.dispatchEvent(new CustomEvent("gan-atelier-generator", { detail: { name } }))
}
