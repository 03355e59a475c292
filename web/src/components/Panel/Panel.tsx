import { useId, type ReactNode } from "react";

import classes from "./Panel.module.css";

export interface PanelProps {
  title: string;
  /** Beside the title: a link, a choice. */
  aside?: ReactNode;
  /** The content reaches the panel's edges, as tables do. */
  flush?: boolean;
  children: ReactNode;
}

/** A part of a page, under a heading of its own. */
export function Panel({ title, aside, flush = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.header}>
        <h2 className={classes.title} id={id}>
          {title}
        </h2>
        {aside}
      </header>
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
