import { useState } from "react";
import type { CombinedError } from "urql";

import { useUncachedClient } from "../../../graph/useUncachedClient";
import type { FieldError } from "../rules";
import { PastedWorkload, type Pasted } from "./pasted";

/** The server reads no more; of a body several times as long it does not even say so. */
const MOST_BYTES = 64 * 1024;
const TOO_LONG: FieldError = {
  message: `This is longer than ${MOST_BYTES / 1024} KiB. Paste the part of the app.`,
  example: null,
};

interface State {
  isBusy: boolean;
  /** Why the text cannot be read. */
  refusal: FieldError | null;
  /** Why there was no answer. */
  error: CombinedError | undefined;
}

const IDLE: State = { isBusy: false, refusal: null, error: undefined };

export interface Reading extends State {
  /** What a text says of an app; null where it cannot be read, which is told then. */
  read: (text: string) => Promise<Pasted | null>;
  /** The text was changed: what was told of it holds no more. */
  forget: () => void;
}

/** Has the server read what was pasted. There are secrets in it, so it stays out of the cache. */
export function useReading(): Reading {
  const client = useUncachedClient();
  const [state, setState] = useState(IDLE);
  const read = async (text: string) => {
    if (new Blob([text]).size > MOST_BYTES) {
      setState({ ...IDLE, refusal: TOO_LONG });
      return null;
    }
    setState({ ...IDLE, isBusy: true });
    const { data, error } = await client.query(PastedWorkload, { text }).toPromise();
    const refused = data?.pastedWorkload?.errors[0];
    setState({ isBusy: false, error, refusal: refused ? { example: null, ...refused } : null });
    return data?.pastedWorkload?.workload ?? null;
  };
  return { ...state, read, forget: () => setState(IDLE) };
}
