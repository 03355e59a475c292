import type { ReactNode } from "react";

import { Icon, type IconName } from "../Icon/Icon";
import classes from "./EmptyState.module.css";

export interface EmptyStateProps {
  icon: IconName;
  /** One sentence. */
  children: ReactNode;
  /** One action, where there is one to take. */
  action?: ReactNode;
}

export function EmptyState({ icon, children, action }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <span className={classes.icon}>
        <Icon name={icon} size={20} />
      </span>
      <p className={classes.sentence}>{children}</p>
      {action}
    </div>
  );
}
