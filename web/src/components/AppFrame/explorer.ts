/** Whether there is an explorer to lead to, as the server wrote into the page: not where our own documents are the only ones. */
export function hasExplorer(): boolean {
  return document.querySelector('meta[name="moorage-explorer"]')?.getAttribute("content") !== "off";
}
