declare global {
  interface Window {
    /** Where `get-nonce`, which writes the style that locks scrolling behind dialogs, looks for it. */
    __webpack_nonce__?: string;
  }
}

/** The nonce of this page's styles. The browser hides the attribute from scripts, and gives the property. */
export function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}
