import { createContext, use, useSyncExternalStore } from "react";

/** `idle` while nothing is watched; `reconnecting` from the moment a live connection was lost until it stands again. */
export type ConnectionState = "idle" | "live" | "reconnecting";

/** Whether news arrive, for those who show it. */
export class ConnectionMonitor {
  #socket: ConnectionState = "idle";
  #interruptions = 0;
  #isSignedIn = true;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<() => void>();

  /** Who is signed out has nothing to reconnect to. */
  get state(): ConnectionState {
    if (!this.#isSignedIn) return "idle";
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

  signedIn(isSignedIn: boolean): void {
    const before = this.state;
    this.#isSignedIn = isSignedIn;
    this.#tell(before);
    if (!isSignedIn) return;
    const begins = [...this.#waiting];
    this.#waiting.clear();
    begins.forEach((begin) => begin());
  }

  /** Calls `begin` as soon as one is signed in, at once if one is, unless what is given back is called before. */
  whenSignedIn(begin: () => void): () => void {
    if (this.#isSignedIn) begin();
    else this.#waiting.add(begin);
    return () => void this.#waiting.delete(begin);
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
