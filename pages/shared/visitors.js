// The first tab that comes writes the cookie; another one that started without it takes over what it says. One that does not last is
// gone with the browser's last window, and is written over.
export default function ({ data, setStateValue }) {
  const kept = document.cookie
    .split("; ")
    .find((c) => c.startsWith(`${data.name}=`))
    ?.split("=")[1]
  if (data.lasting && kept && kept !== data.token) return setStateValue("token", kept)
  const age = data.lasting ? "; max-age=31536000" : ""
  const secure = location.protocol === "https:" ? "; Secure" : ""
  // biome-ignore lint/suspicious/noDocumentCookie: CookieStore is missing on plain http, as in a classroom
  document.cookie = `${data.name}=${data.token}; path=/${age}; SameSite=Lax${secure}`
}
