import { useEffect, useState } from "react";
import { useQuery, type AnyVariables, type CombinedError, type RequestPolicy, type TypedDocumentNode, type UseQueryExecute } from "urql";

/** What is known, also while asking again fails: then there is an `error` beside it. */
export interface Kept<Data> {
  data: Data | undefined;
  error: CombinedError | undefined;
}

export interface PageQueryOptions<Data, Variables extends AnyVariables> {
  query: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  /** Ask again so often, while the page is looked at; left out: never. */
  everyMs?: number;
  /** Left out: what the cache has is shown until the answer is there. */
  requestPolicy?: RequestPolicy;
}

/** Asks a query again so often, while the page is looked at; undefined: never. */
function useAskingAgain(ask: UseQueryExecute, everyMs: number | undefined): void {
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden) ask({ requestPolicy: "network-only" });
    }, everyMs);
    return () => clearInterval(timer);
  }, [ask, everyMs]);
}

/** A query whose last answer is kept while asking again fails. */
export function useKeptQuery<Data, Variables extends AnyVariables>(
  options: PageQueryOptions<Data, Variables>,
): Kept<Data> {
  const { everyMs, ...request } = options;
  const [{ data, error }, ask] = useQuery<Data, Variables>(request);
  useAskingAgain(ask, everyMs);
  const page = JSON.stringify(request.variables);
  const [known, setKnown] = useState<{ page: string; data: Data }>();
  if (data && known?.data !== data) setKnown({ page, data });
  return { data: data ?? (known?.page === page ? known.data : undefined), error };
}

/**
 * What a page is made of: undefined while it is loading. Where asking again fails, the page keeps what it had, and the
 * banner tells; a failure with nothing to show instead is thrown, for the nearest error boundary to tell.
 */
export function usePageQuery<Data, Variables extends AnyVariables>(
  options: PageQueryOptions<Data, Variables>,
): Data | undefined {
  const { data, error } = useKeptQuery(options);
  if (error && !data) throw error;
  return data;
}
