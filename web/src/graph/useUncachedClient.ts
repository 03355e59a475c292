import { useState } from "react";
import type { Client } from "urql";

import { useSession } from "../session/session";
import { createUncachedClient } from "./client";

/** A way to ask the server for what nobody but the asker may find later, such as secrets: the cache never has it. */
export function useUncachedClient(): Client {
  const { refresh } = useSession();
  const [client] = useState(() => createUncachedClient(() => void refresh()));
  return client;
}
