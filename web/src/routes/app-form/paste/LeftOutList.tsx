import { useId } from "react";

import type { Report } from "./pasted";

export interface LeftOutListProps {
  leftOut: Report["leftOut"];
  /** How many of them to show. */
  most: number;
}

/** The parts of the text that fill no field, each with the reason. */
export function LeftOutList({ leftOut, most }: LeftOutListProps) {
  const titleId = useId();
  return (
    <>
      <p id={titleId}>{leftOut.length === 1 ? "A part of it is left out:" : `${leftOut.length} parts of it are left out:`}</p>
      <ul aria-labelledby={titleId}>
        {leftOut.slice(0, most).map(({ what, why }, index) => (
          <li key={index}>
            <span className="mono">{what}</span>: {why}
          </li>
        ))}
      </ul>
    </>
  );
}
