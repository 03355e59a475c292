import { useSearchParams } from "react-router";
import { Link } from "react-router";

import classes from "./RouteTabs.module.css";

export interface RouteTabsProps<Tab extends string> {
  label: string;
  tabs: readonly Tab[];
  current: Tab;
}

/** Tabs whose place is in the URL: each is a link, so that it can be kept, shared and opened beside this one. */
export function RouteTabs<Tab extends string>({ label, tabs, current }: RouteTabsProps<Tab>) {
  const [search] = useSearchParams();
  const address = (tab: Tab) => {
    const next = new URLSearchParams(search);
    next.set("tab", tab);
    return `?${next.toString()}`;
  };
  return (
    <nav aria-label={label} className={classes.tabs}>
      {tabs.map((tab) => (
        <Link key={tab} to={address(tab)} className={classes.tab} aria-current={tab === current ? "page" : undefined}>
          {tab.charAt(0).toUpperCase() + tab.slice(1)}
        </Link>
      ))}
    </nav>
  );
}
