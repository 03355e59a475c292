import { useEffect, useState } from "react";
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
 * What a page is made of: undefined while it is loading. Where asking again fails, the page keeps what it had, and the
 * banner tells; a failure with nothing to show instead is thrown, for the nearest error boundary to tell.
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
  const page = JSON.stringify(request.variables);
  const [known, setKnown] = useState<{ page: string; data: Data }>();
  if (data && known?.data !== data) setKnown({ page, data });
  const shown = data ?? (known?.page === page ? known.data : undefined);
  if (error && !shown) throw error;
  return shown;
}
