import { Link, NavLink, useNavigate } from "react-router";

import { logOut } from "../../session/api";
import { useSession } from "../../session/session";
import { Icon, type IconName } from "../Icon/Icon";
import { Mark } from "../Mark/Mark";
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
        <a className={classes.link} href="/graphiql">
          <Icon name="explorer" /> API explorer
        </a>
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

function LogOutButton() {
  const { refresh } = useSession();
  const navigate = useNavigate();
  const leave = async () => {
    await logOut();
    await navigate("/");
    await refresh();
  };
  return (
    <button type="button" className={classes.button} onClick={() => void leave()}>
      <Icon name="logOut" /> Log out
    </button>
  );
}
