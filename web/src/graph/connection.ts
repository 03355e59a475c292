import { createContext, use, useSyncExternalStore } from "react";

/** `idle` while nothing is watched; `reconnecting` from the moment a live connection was lost until it stands again. */
export type ConnectionState = "idle" | "live" | "reconnecting";

/** Whether news arrive, for those who show it. */
export class ConnectionMonitor {
  #state: ConnectionState = "idle";
  readonly #listeners = new Set<() => void>();

  get state(): ConnectionState {
    return this.#state;
  }

  connected(): void {
    this.#move("live");
  }

  /** `expected`: we closed it ourselves, as nothing is watched any more. */
  closed({ expected }: { expected: boolean }): void {
    this.#move(expected ? "idle" : "reconnecting");
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #move(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listeners.forEach((listener) => listener());
  }
}

export const ConnectionContext = createContext(new ConnectionMonitor());

export function useConnectionState(): ConnectionState {
  const monitor = use(ConnectionContext);
  return useSyncExternalStore(monitor.subscribe, () => monitor.state);
}
