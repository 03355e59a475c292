import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useId } from "react";

import type { Report } from "./pasted";

/** How many parts are in sight at first: more would push the form off the screen. */
const MOST_SHOWN = 5;

/** The parts of the text that fill no field, each with the reason. */
export function LeftOutList({ leftOut }: { leftOut: Report["leftOut"] }) {
  const [isWhole, { toggle }] = useDisclosure(false);
  const titleId = useId();
  const shown = isWhole ? leftOut : leftOut.slice(0, MOST_SHOWN);
  return (
    <>
      <p id={titleId}>{leftOutCount(leftOut.length)}</p>
      <ul aria-labelledby={titleId}>
        {shown.map(({ what, why }, index) => (
          <li key={index}>
            <span className="mono">{what}</span>: {why}
          </li>
        ))}
      </ul>
      {leftOut.length > MOST_SHOWN && (
        <Button size="compact-sm" variant="subtle" aria-expanded={isWhole} onClick={toggle}>
          {isWhole ? `Show ${MOST_SHOWN} of them` : `Show all ${leftOut.length}`}
        </Button>
      )}
    </>
  );
}

/** As in "2 parts of it are left out:". */
function leftOutCount(count: number): string {
  return count === 1 ? "A part of it is left out:" : `${count} parts of it are left out:`;
}
