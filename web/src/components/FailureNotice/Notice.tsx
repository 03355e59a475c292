import type { ReactNode } from "react";

import { Icon } from "../Icon/Icon";
import classes from "./Notice.module.css";

export interface NoticeProps {
  tone: "quiet" | "attention" | "failure";
  title: string;
  children?: ReactNode;
}

/** Something that a reader must know, where it matters. Failures are read out at once. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={tone === "failure" ? "alert" : "note"}>
      <span className={classes.icon}>
        <Icon name={tone === "quiet" ? "waves" : "alert"} />
      </span>
      <div className={classes.text}>
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}
