import { useState } from "react";

/** Where in a list one is: the cursor to read after, null at its beginning. */
export interface Pages {
  after: string | null;
  isFirst: boolean;
  goBack: () => void;
  goOn: (endCursor: string | null) => void;
}

/** Leads through a list that is read a page at a time. */
export function usePages(): Pages {
  const [cursors, setCursors] = useState<(string | null)[]>([null]);
  return {
    after: cursors.at(-1) ?? null,
    isFirst: cursors.length === 1,
    goBack: () => setCursors(cursors.slice(0, -1)),
    goOn: (endCursor) => setCursors([...cursors, endCursor]),
  };
}
