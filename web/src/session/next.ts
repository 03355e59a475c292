/** Where to go after signing in: a page of ours that the URL names, else the namespaces. */
export function nextPage(search: URLSearchParams): string {
  const next = search.get("next") ?? "";
  // A second slash or a backslash would lead to another site; browsers drop tabs and line ends in between.
  return /^\/[^/\\\s]/.test(next) ? next : "/namespaces";
}
