import { Fragment, type ReactNode } from "react";
import { Link } from "react-router";

import classes from "./PageHeader.module.css";

export interface Crumb {
  title: string;
  to: string;
}

export interface PageHeaderProps {
  /** The pages above this one. */
  crumbs?: readonly Crumb[];
  title: string;
  badge?: ReactNode;
  /** The second row: tabs on the left, actions on the right. */
  tabs?: ReactNode;
  actions?: ReactNode;
}

/** The first row owns the name and the status of what the page shows; the second has its tabs and actions. */
export function PageHeader({ crumbs = [], title, badge, tabs, actions }: PageHeaderProps) {
  return (
    <header className={classes.header}>
      <title>{`${title} – Moorage`}</title>
      <div className={classes.names}>
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumb" className={classes.crumbs}>
            {crumbs.map((crumb) => (
              <Fragment key={crumb.to}>
                <Link to={crumb.to}>{crumb.title}</Link>
                <span aria-hidden="true">/</span>
              </Fragment>
            ))}
          </nav>
        )}
        <h1 className={classes.title}>{title}</h1>
        {badge}
      </div>
      {(tabs ?? actions) && (
        <div className={classes.row} data-tabs={tabs ? true : undefined}>
          <div className={classes.tabs}>{tabs}</div>
          <div className={classes.actions}>{actions}</div>
        </div>
      )}
    </header>
  );
}
