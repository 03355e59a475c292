import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** How far from the end somebody still reads the end. */
const NEAR_PX = 24;

export interface Tail {
  box: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** Whether the end stays in sight while lines come: until one scrolls up, and again once one comes back to the end. */
  isFollowed: boolean;
  follow: () => void;
  onScroll: () => void;
}

/** Keeps the end of what grows in a box in sight. `shown`: what is in it, another one with each change. */
export function useTail(shown: unknown): Tail {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const [isFollowed, setFollowed] = useState(true);
  const toEnd = useCallback(() => {
    if (box.current && isFollowed) box.current.scrollTop = box.current.scrollHeight;
  }, [isFollowed]);
  useLayoutEffect(toEnd, [toEnd, shown]);
  // Chunks out of sight have a guessed height until they are seen, and a page may be turned.
  useEffect(() => {
    const observer = new ResizeObserver(toEnd);
    for (const { current } of [box, content]) if (current) observer.observe(current);
    return () => observer.disconnect();
  }, [toEnd]);
  const onScroll = () => {
    if (!box.current) return;
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    const isUp = scrollTop < top.current;
    top.current = scrollTop;
    if (scrollHeight - scrollTop - clientHeight <= NEAR_PX) setFollowed(true);
    else if (isUp) setFollowed(false);
  };
  return { box, content, isFollowed, follow: () => setFollowed(true), onScroll };
}
