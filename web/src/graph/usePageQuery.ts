import { useEffect } from "react";
import { useQuery, type AnyVariables, type TypedDocumentNode } from "urql";

export interface PageQueryOptions<Data, Variables extends AnyVariables> {
  query: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  /** Ask again so often, while the page is looked at; left out: never. */
  everyMs?: number;
}

/**
 * What a page is made of: undefined while it is loading. A failure with nothing to show instead is thrown, for the
 * nearest error boundary to tell.
 */
export function usePageQuery<Data, Variables extends AnyVariables>(
  options: PageQueryOptions<Data, Variables>,
): Data | undefined {
  const { query, variables, everyMs } = options;
  const [{ data, error }, ask] = useQuery<Data, Variables>({ query, variables });
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
