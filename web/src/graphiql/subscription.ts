import type { GraphQLFormattedError } from "graphql";
import { CloseCode, createClient, type FormattedExecutionResult, type SubscribePayload } from "graphql-ws";

import { socketUrl } from "../graph/client";

type Result = FormattedExecutionResult<Record<string, unknown>, unknown>;

const FORBIDDEN: number = CloseCode.Forbidden;

/**
 * The results of a subscription, over a socket of its own that is opened with `credentials`, as a browser's socket has no
 * headers of ours. A refusal is the last of the results, as it is over HTTP: the editor shows it.
 */
export function resultsOf(request: SubscribePayload, credentials: Record<string, string>): AsyncIterable<Result> {
  const results = openSocket(credentials).iterate(request);
  const iterator: AsyncIterator<Result> = {
    next: () => results.next().catch((failure: unknown) => ({ done: false, value: { errors: errorsOf(failure) } })),
    return: async () => (await results.return?.()) ?? { done: true, value: undefined },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

function openSocket(credentials: Record<string, string>) {
  return createClient({
    url: socketUrl(window.location.href),
    connectionParams: credentials,
    // The token of this socket stays the same: what it is refused for now, it is refused for at each retry.
    shouldRetry: (failure) => isClose(failure) && failure.code !== FORBIDDEN,
  });
}

/** What the server sent as errors, else why there is no connection any more. */
function errorsOf(failure: unknown): GraphQLFormattedError[] {
  if (Array.isArray(failure)) return failure as GraphQLFormattedError[];
  if (!isClose(failure)) return [{ message: "The server cannot be reached." }];
  return [{ message: failure.reason || "The connection to the server was lost.", extensions: { closeCode: failure.code } }];
}

function isClose(failure: unknown): failure is { code: number; reason: string } {
  return typeof failure === "object" && failure !== null && "code" in failure && "reason" in failure;
}
