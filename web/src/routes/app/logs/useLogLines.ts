import { useEffect, useState, useSyncExternalStore } from "react";
import { useClient, type CombinedError } from "urql";

import { graphql } from "../../../gql";
import type { Choice } from "./choice";
import { LogStore, type Kept } from "./store";

const LogLines = graphql(`
  subscription LogLines($workload: ID!, $pod: String, $container: String, $last: Int!, $after: String) {
    logLines(workloadId: $workload, pod: $pod, container: $container, last: $last, after: $after) {
      cursor
      ...LogUpdate_update
    }
  }
`);

export interface FollowedLog {
  kept: Kept;
  /** Why nothing more comes. */
  error: CombinedError | undefined;
}

/**
 * Follows the logs of an app for as long as it is shown. It is read once which of them: another choice is another
 * component. Every message counts here, and urql's hook keeps the last one of several that come at once.
 */
export function useLogLines(workload: string, { pod, container, from }: Choice): FollowedLog {
  const client = useClient();
  const [store] = useState(() => new LogStore(from.seconds && Date.now() - from.seconds * 1_000));
  const [error, setError] = useState<CombinedError>();
  useEffect(() => {
    const variables = { workload, pod, container, last: from.last };
    const following = client.subscription(LogLines, variables).subscribe((result) => {
      if (result.data) store.take(result.data.logLines);
      setError(result.error);
    });
    return () => following.unsubscribe();
  }, [client, store, workload, pod, container, from.last]);
  return { kept: useSyncExternalStore(store.subscribe, store.read), error };
}
