import { useId } from "react";

import type { Report } from "./pasted";

/** The parts of the text that were taken over by an assumption, each with what was assumed. */
export function NoteList({ notes }: { notes: Report["notes"] }) {
  const titleId = useId();
  return (
    <>
      <p id={titleId}>To be looked over:</p>
      <ul aria-labelledby={titleId}>
        {notes.map(({ what, message }, index) => (
          <li key={index}>
            <span className="mono">{what}</span>: {message}
          </li>
        ))}
      </ul>
    </>
  );
}
