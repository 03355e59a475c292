import type { FormattedExecutionResult } from "graphql";
import type { SubscribePayload } from "graphql-ws";

/** A subscription on its way to the server, as often as it is made again. */
export interface Resumable {
  /** It is read at each sending: what has changed of it since goes with it. */
  request: SubscribePayload;
  /** Takes down how far its subscriber has been told. */
  told: (result: FormattedExecutionResult) => void;
  /** The server does not know the place: from here on it begins anew. Gives whether there was one. */
  forget: () => boolean;
}

/**
 * Has `request` go on, each time it is made again, after the last message whose `cursor` was not null: the server takes
 * it as `$after`, and tells what was missed. A snapshot that is cut off in its middle has no cursor, and is told again.
 */
export function resumable(request: SubscribePayload): Resumable {
  let after: string | null = null;
  return {
    request: {
      ...request,
      get variables() {
        return after === null ? request.variables : { ...request.variables, after };
      },
    },
    told: (result) => {
      after = cursorOf(result) ?? after;
    },
    forget: () => {
      const hadPlace = after !== null;
      after = null;
      return hadPlace;
    },
  };
}

/** A subscription has one root field; not every one of them selects a cursor. */
function cursorOf({ data }: FormattedExecutionResult): string | null {
  const [message] = Object.values(data ?? {}) as ({ cursor?: unknown } | null)[];
  return typeof message?.cursor === "string" ? message.cursor : null;
}
