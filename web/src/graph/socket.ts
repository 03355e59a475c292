import { CloseCode, createClient, type Client } from "graphql-ws";

import type { ConnectionMonitor } from "./connection";

const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;

// Close codes of RFC 6455 and its registry.
const INTERNAL_ERROR = 1011;
const SERVICE_RESTART = 1012;
/** What passes: the server failed, or has too much to do. */
const TEMPORARY = [INTERNAL_ERROR, CloseCode.InternalServerError, CloseCode.TooManyInitialisationRequests];

export interface SocketOptions {
  url: string;
  monitor: ConnectionMonitor;
  /** The server ended the session: connecting again is no use. */
  onSignedOut: () => void;
}

/** graphql-transport-ws over one WebSocket, opened with the first subscription and made again whenever it is lost. */
export function createSocket({ url, monitor, onSignedOut }: SocketOptions): Client {
  let socket: WebSocket | null = null;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  return createClient({
    url,
    webSocketImpl: returning(WebSocket),
    keepAlive: PING_EVERY_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, retryDelay(retries, Math.random()))),
    shouldRetry: (closed) => !endsSession(closed),
    on: {
      connected: (opened) => {
        socket = opened as WebSocket;
        monitor.connected();
      },
      closed: (event) => {
        clearTimeout(pongTimer);
        monitor.closed({ expected: codeOf(event) === 1000 || endsSession(event) });
        if (endsSession(event)) onSignedOut();
      },
      // A connection that died without a word is found by its silence.
      ping: (received) => {
        if (!received) pongTimer = setTimeout(() => socket?.close(CloseCode.ConnectionAcknowledgementTimeout), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimer);
      },
    },
  });
}

/**
 * The library gives up for good on closes that pass, as on 1011, with which a server closes that missed our answers to
 * its pings while this computer slept. It is told 1012 instead, "try again".
 */
function returning(Socket: typeof WebSocket): typeof WebSocket {
  return class extends Socket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      // The first listener: it can keep the event from the library's own.
      this.addEventListener("close", (event) => {
        if (!TEMPORARY.includes(event.code)) return;
        event.stopImmediatePropagation();
        this.onclose?.(new CloseEvent("close", { code: SERVICE_RESTART, reason: event.reason }));
      });
    }
  };
}

/** Doubling up to a bound, with a jitter that keeps many clients from coming back at once. */
export function retryDelay(retries: number, random: number): number {
  const longest = Math.min(FIRST_RETRY_MS * 2 ** retries, LAST_RETRY_MS);
  return longest * (0.5 + random / 2);
}

function endsSession(event: unknown): boolean {
  const code = codeOf(event);
  return code === CloseCode.Unauthorized || code === CloseCode.Forbidden;
}

function codeOf(event: unknown): number | undefined {
  return typeof event === "object" && event !== null && "code" in event ? Number(event.code) : undefined;
}
