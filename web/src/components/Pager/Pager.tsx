import { Button } from "@mantine/core";

import type { Pages } from "./usePages";

export interface PagerProps {
  pages: Pages;
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** Forth and back in a list; nothing where all of it is on one page. */
export function Pager({ pages, pageInfo }: PagerProps) {
  if (pages.isFirst && !pageInfo.hasNextPage) return null;
  return (
    <>
      <Button variant="default" disabled={pages.isFirst} onClick={pages.goBack}>
        Previous page
      </Button>
      <Button
        variant="default"
        disabled={!pageInfo.hasNextPage}
        onClick={() => pages.goOn(pageInfo.endCursor ?? null)}
      >
        Next page
      </Button>
    </>
  );
}
