import { createContext, use, useSyncExternalStore } from "react";

/** `idle` while nothing is watched; `reconnecting` from the moment a live connection was lost until it stands again. */
export type ConnectionState = "idle" | "live" | "reconnecting";

/** Whether news arrive, for those who show it. */
export class ConnectionMonitor {
  #socket: ConnectionState = "idle";
  #interruptions = 0;
  readonly #listeners = new Set<() => void>();

  get state(): ConnectionState {
    return this.#interruptions > 0 ? "reconnecting" : this.#socket;
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

  /** A subscription brings nothing, whatever its connection does, until what is given back is called. */
  interrupted(): () => void {
    const before = this.state;
    this.#interruptions += 1;
    this.#tell(before);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const during = this.state;
      this.#interruptions -= 1;
      this.#tell(during);
    };
  }

  #move(socket: ConnectionState): void {
    const before = this.state;
    this.#socket = socket;
    this.#tell(before);
  }

  #tell(before: ConnectionState): void {
    if (this.state !== before) this.#listeners.forEach((listener) => listener());
  }
}

export const ConnectionContext = createContext(new ConnectionMonitor());

export function useConnectionState(): ConnectionState {
  const monitor = use(ConnectionContext);
  return useSyncExternalStore(monitor.subscribe, () => monitor.state);
}
