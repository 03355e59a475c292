const COOKIE = "__Host-moorage-csrf=";

/** The headers that every POST to the server carries; the token goes with the session's cookie. */
export function requestHeaders(): Record<string, string> {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith(COOKIE));
  const token = cookie?.slice(COOKIE.length);
  return { "Content-Type": "application/json", ...(token ? { "X-CSRF-Token": token } : {}) };
}
