import { Burger, Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useEffect, useRef, type RefObject } from "react";
import { Link, Outlet, ScrollRestoration, useLocation } from "react-router";

import { Mark } from "../Mark/Mark";
import classes from "./AppFrame.module.css";
import { Banners } from "./Banners";
import { SideNav } from "./SideNav";

/** The frame of every page of somebody who is signed in: where they can go, and what they must know. */
export function AppFrame() {
  const [isOpen, { open, close }] = useDisclosure(false);
  const main = useRef<HTMLElement>(null);
  useFocusOfNewPage(main);
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <aside className={classes.side}>
        <SideNav />
      </aside>
      <header className={classes.bar}>
        <Link to="/namespaces" className={classes.brand}>
          <Mark size={24} /> Moorage
        </Link>
        <Burger size="sm" color="currentColor" opened={isOpen} onClick={open} aria-label="Open the menu" />
      </header>
      <Drawer
        opened={isOpen}
        onClose={close}
        size={264}
        padding={0}
        withCloseButton={false}
        title="Menu"
        classNames={{ content: classes.drawer ?? "", body: classes.drawerBody ?? "", header: "visually-hidden" }}
      >
        <SideNav onNavigate={close} />
      </Drawer>
      <div className={classes.column}>
        <Banners />
        <main id="content" ref={main} className={classes.content} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <ScrollRestoration />
    </div>
  );
}

/** A page that one was led to has the focus, as after a full load: else it would be with the link that is gone. */
function useFocusOfNewPage(main: RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname, main]);
}
