/** The app that was just deleted, on its way to the page of its namespace, as state of the navigation. */
export function deletedState(id: string): { deleted: string } {
  return { deleted: id };
}

/** The id that a navigation brought; null for any other state, which may be of an older version of the page. */
export function deletedIdOf(state: unknown): string | null {
  if (typeof state !== "object" || state === null || !("deleted" in state)) return null;
  return typeof state.deleted === "string" ? state.deleted : null;
}
