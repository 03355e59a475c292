import { useSyncExternalStore } from "react";

import { formatAge, formatMoment } from "../../format/time";

const TICK_MS = 15_000;

/** How long ago something was; the moment itself on hover. */
export function Age({ of }: { of: string }) {
  const now = useSyncExternalStore(everyTick, currentTick);
  return (
    <time dateTime={of} title={formatMoment(of)}>
      {formatAge(of, now)}
    </time>
  );
}

function everyTick(onTick: () => void): () => void {
  const timer = setInterval(onTick, TICK_MS);
  return () => clearInterval(timer);
}

function currentTick(): number {
  return Math.ceil(Date.now() / TICK_MS) * TICK_MS;
}
