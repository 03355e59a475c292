import { Button } from "@mantine/core";
import { Link, Outlet, ScrollRestoration } from "react-router";

import { useSession } from "../../session/session";
import { Mark } from "../Mark/Mark";
import frame from "./AppFrame.module.css";
import classes from "./PublicFrame.module.css";

/** The frame of the pages that anybody may open. */
export function PublicFrame() {
  const { user } = useSession();
  return (
    <div className={classes.frame}>
      <header className={classes.header}>
        <Link to="/" className={frame.brand}>
          <Mark size={28} /> Moorage
        </Link>
        <nav aria-label="Main" className={classes.nav}>
          {user ? (
            <Button component={Link} to="/namespaces" variant="default">
              Your namespaces
            </Button>
          ) : (
            <>
              <Link to="/login" className={classes.link}>
                Log in
              </Link>
              <Button component={Link} to="/register" variant="default">
                Register
              </Button>
            </>
          )}
        </nav>
      </header>
      <main className={classes.main}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </div>
  );
}
