import { useEffect, useRef } from "react";
import { Link, useSearchParams } from "react-router";

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
  const tabBar = useRef<HTMLElement>(null);
  // On a phone the tabs do not fit beside each other: the current one is brought into sight.
  useEffect(() => {
    tabBar.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current]);
  return (
    <nav ref={tabBar} aria-label={label} className={classes.tabs}>
      {tabs.map((tab) => (
        <Link key={tab} to={address(tab)} className={classes.tab} aria-current={tab === current ? "page" : undefined}>
          {tab.charAt(0).toUpperCase() + tab.slice(1)}
        </Link>
      ))}
    </nav>
  );
}
