import type { Storage as ExplorerStorage } from "@graphiql/toolkit";

const KEEPS_HEADERS = "graphiql:shouldPersistHeaders";
/** Where the history and its favourites are kept, as a list of what was executed. */
const HISTORY = ["graphiql:queries", "graphiql:favorites"];

/** Whether the settings say that headers are kept. */
export function keepsHeaders(storage: Storage): boolean {
  return storage.getItem(KEEPS_HEADERS) === "true";
}

/**
 * `storage` for the explorer. Its history would keep the headers of all that was executed, whatever the settings say of
 * headers: here it keeps them only where these say so.
 */
export function withoutHeaders(storage: Storage): ExplorerStorage {
  const store = (key: string, value: string) => {
    storage.setItem(key, HISTORY.includes(key) && !keepsHeaders(storage) ? stripped(value) : value);
    if (key === KEEPS_HEADERS && !keepsHeaders(storage)) HISTORY.forEach(strip);
  };
  const strip = (key: string) => {
    const kept = storage.getItem(key);
    if (kept !== null) storage.setItem(key, stripped(kept));
  };
  return {
    getItem: (key) => storage.getItem(key),
    setItem: store,
    removeItem: (key) => storage.removeItem(key),
    clear: () => storage.clear(),
    get length() {
      return storage.length;
    },
  };
}

/** Variables are texts in it, so every `headers` is one of the history's own. */
function stripped(history: string): string {
  return JSON.stringify(JSON.parse(history, (key, value: unknown) => (key === "headers" ? undefined : value)));
}
