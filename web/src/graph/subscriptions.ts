import type { FormattedExecutionResult, GraphQLFormattedError } from "graphql";
import type { Client as Socket, Sink, SubscribePayload } from "graphql-ws";

import type { ConnectionMonitor } from "./connection";
import { resumable } from "./resumption";
import { retryDelay } from "./socket";

/** Codes of a subscription that ends for a reason that passes: the same one works again after a while. */
const PASSING = ["UNAVAILABLE", "RATE_LIMITED", "DEADLINE_EXCEEDED", "INTERNAL_SERVER_ERROR", "UNAUTHENTICATED"];

export interface LastingOptions {
  socket: Socket;
  monitor: ConnectionMonitor;
  /** The server takes the session for ended. */
  onSignedOut: () => void;
}

export type Subscribe = (request: SubscribePayload, sink: Sink<FormattedExecutionResult>) => () => void;

/** What the server says of a cursor that it cannot read, as one of another version of it. */
const UNREADABLE = "BAD_USER_INPUT";

/**
 * Subscriptions that last for as long as somebody looks: one that the server ends for a reason that passes, or whose
 * connection was refused, is made again, and said to be interrupted until it brings something. It goes on from the last
 * cursor then, as it does over a connection that was lost. While nobody is signed in it waits. Any other end is the
 * subscriber's to hear.
 */
export function lastingSubscriptions({ socket, monitor, onSignedOut }: LastingOptions): Subscribe {
  return (request, sink) => {
    let stop: () => void = () => undefined;
    let resume: () => void = () => undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopWaiting: () => void = () => undefined;
    let failures = 0;
    const place = resumable(request);
    const begin = () => {
      stop = socket.subscribe<FormattedExecutionResult["data"], FormattedExecutionResult["extensions"]>(place.request, {
        complete: () => sink.complete(),
        next: (result) => {
          failures = 0;
          resume();
          sink.next(result as FormattedExecutionResult);
          place.told(result as FormattedExecutionResult);
        },
        error: (failure) => {
          if (codesOf(failure).includes("UNAUTHENTICATED")) onSignedOut();
          if (passes(failure) || (codesOf(failure).includes(UNREADABLE) && place.forget())) {
            resume();
            resume = monitor.interrupted();
            timer = setTimeout(() => (stopWaiting = monitor.whenSignedIn(begin)), retryDelay(failures++, Math.random()));
          } else {
            sink.error(failure);
          }
        },
      });
    };
    begin();
    return () => {
      clearTimeout(timer);
      stopWaiting();
      resume();
      stop();
    };
  };
}

/** The errors that the server ended it with; a connection that was refused has none. */
function codesOf(failure: unknown): unknown[] {
  if (!Array.isArray(failure)) return [];
  return (failure as GraphQLFormattedError[]).map(({ extensions }) => extensions?.["code"]);
}

function passes(failure: unknown): boolean {
  const codes = codesOf(failure);
  return codes.length === 0 || codes.some((code) => PASSING.includes(code as string));
}
