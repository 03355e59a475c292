import { useEffect } from "react";
import { useQuery, type AnyVariables, type RequestPolicy, type TypedDocumentNode } from "urql";

export interface PageQueryOptions<Data, Variables extends AnyVariables> {
  query: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  /** Ask again so often, while the page is looked at; left out: never. */
  everyMs?: number;
  /** Left out: what the cache has is shown until the answer is there. */
  requestPolicy?: RequestPolicy;
}

/**
 * What a page is made of: undefined while it is loading. A failure with nothing to show instead is thrown, for the
 * nearest error boundary to tell.
 */
export function usePageQuery<Data, Variables extends AnyVariables>(
  options: PageQueryOptions<Data, Variables>,
): Data | undefined {
  const { everyMs, ...request } = options;
  const [{ data, error }, ask] = useQuery<Data, Variables>(request);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden) ask({ requestPolicy: "network-only" });
    }, everyMs);
    return () => clearInterval(timer);
  }, [ask, everyMs]);
  if (error && !data) throw error;
  return data;
}
