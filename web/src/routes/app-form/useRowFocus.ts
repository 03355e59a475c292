import { useRef } from "react";

/**
 * Rows that come and go take the focus with them: it stays where one was, or goes to what adds one. The first input of a
 * row is marked `data-name`, and what adds one `data-add`.
 */
export function useRowFocus() {
  const rows = useRef<HTMLFieldSetElement>(null);
  const focusRow = (index: number) =>
    requestAnimationFrame(() => {
      const names = rows.current?.querySelectorAll<HTMLElement>("[data-name]");
      (names?.[index] ?? rows.current?.querySelector<HTMLElement>("[data-add]"))?.focus();
    });
  return { rows, focusRow };
}
