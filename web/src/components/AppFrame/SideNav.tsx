import { Modal } from "@mantine/core";
import { useState } from "react";
import { Link, NavLink } from "react-router";

import { logOut, type Problem } from "../../session/api";
import { useSession } from "../../session/session";
import { Icon, type IconName } from "../Icon/Icon";
import { Mark } from "../Mark/Mark";
import { hasExplorer } from "./explorer";
import { SchemeButton } from "./SchemeButton";
import classes from "./SideNav.module.css";

/** Where one can go, and who one is. */
export function SideNav({ onNavigate }: { onNavigate?: () => void }) {
  const { user } = useSession();
  const linkProps = onNavigate ? { onClick: onNavigate } : {};
  return (
    <div className={classes.nav}>
      <Link to="/namespaces" className={classes.brand} {...linkProps}>
        <Mark size={26} /> Moorage
      </Link>
      <nav aria-label="Main" className={classes.links}>
        <Entry to="/namespaces" icon="namespace" title="Namespaces" {...linkProps} />
        {user?.role === "administrator" && <Entry to="/users" icon="users" title="Users" {...linkProps} />}
        <Entry to="/account" icon="account" title="Account" {...linkProps} />
        {hasExplorer() && (
          <a className={classes.link} href="/graphiql">
            <Icon name="explorer" /> API explorer
          </a>
        )}
      </nav>
      <footer className={classes.footer}>
        <div className={classes.person}>
          <span className={classes.name}>{user?.displayName}</span>
          <span className={classes.email}>{user?.email}</span>
        </div>
        <div className={classes.buttons}>
          <SchemeButton />
          <LogOutButton />
        </div>
      </footer>
    </div>
  );
}

interface EntryProps {
  to: string;
  icon: IconName;
  title: string;
  onClick?: () => void;
}

function Entry({ to, icon, title, ...rest }: EntryProps) {
  return (
    <NavLink to={to} className={classes.link ?? ""} {...rest}>
      <Icon name={icon} /> {title}
    </NavLink>
  );
}

/** Logged out is said only when the server says so: on a shared computer the next one would be you. */
function LogOutButton() {
  const { leave } = useSession();
  const [problem, setProblem] = useState<Problem | null>(null);
  const logOutHere = async () => {
    const refusal = await logOut();
    if (!refusal || refusal.code === "UNAUTHENTICATED") leave();
    else setProblem(refusal);
  };
  return (
    <>
      <button type="button" className={classes.button} onClick={() => void logOutHere()}>
        <Icon name="logOut" /> Log out
      </button>
      <Modal opened={problem !== null} onClose={() => setProblem(null)} title="You are still logged in">
        <p>{problem?.message}</p>
      </Modal>
    </>
  );
}
