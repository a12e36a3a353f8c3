// Replaces what stands in the browser's address line, without a step in its history. Where the address had asked to start a training,
// the server hears of it only now: a reload, and a step back, find an address that does not ask any more.
export default function ({ data, setStateValue }) {
  const address = new URL(location.href)
  const asked = address.searchParams.has("start")
  address.search = new URLSearchParams(data.query).toString()
  if (address.href !== location.href) history.replaceState(history.state, "", address)
  if (data.start && asked) setStateValue("start", data.start)
}
