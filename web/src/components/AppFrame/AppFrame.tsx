import { Burger, Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, ScrollRestoration } from "react-router";

import { Mark } from "../Mark/Mark";
import classes from "./AppFrame.module.css";
import { Banners } from "./Banners";
import { SideNav } from "./SideNav";

/** The frame of every page of somebody who is signed in: where they can go, and what they must know. */
export function AppFrame() {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <aside className={classes.side}>
        <SideNav />
      </aside>
      <div className={classes.bar}>
        <Link to="/namespaces" className={classes.brand}>
          <Mark size={24} /> Moorage
        </Link>
        <Burger size="sm" color="currentColor" opened={isOpen} onClick={open} aria-label="Open the menu" />
      </div>
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
        <main id="content" className={classes.content} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <ScrollRestoration />
    </div>
  );
}
