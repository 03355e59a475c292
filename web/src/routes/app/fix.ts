/** A fix of the server's on its way from the app's page to its form, as state of the navigation. */
export interface Fix {
  path: readonly string[];
  value: string;
}

export function fixState({ path, value }: Fix): { fix: Fix } {
  return { fix: { path: [...path], value } };
}

/** The fix that a navigation brought; null for any other state, which may be of an older version of the page. */
export function fixOf(state: unknown): Fix | null {
  if (typeof state !== "object" || state === null || !("fix" in state)) return null;
  const { fix } = state;
  if (typeof fix !== "object" || fix === null || !("path" in fix) || !("value" in fix)) return null;
  const { path, value } = fix;
  if (!Array.isArray(path) || !path.every((step) => typeof step === "string") || typeof value !== "string") return null;
  return { path, value };
}

/** A field that somebody has to fill in by hand, on its way from the app's page to its form. */
export function fieldState(field: string): { field: string } {
  return { field };
}

/** The field that a navigation brought; null for any other state. */
export function fieldOf(state: unknown): string | null {
  if (typeof state !== "object" || state === null || !("field" in state)) return null;
  return typeof state.field === "string" ? state.field : null;
}
