import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";

import { Icon } from "../Icon/Icon";
import classes from "./SideNav.module.css";

/** Day or night, kept on this device. */
export function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme("light") === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      className={classes.button}
      aria-label={`Switch to ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      <Icon name={other === "dark" ? "moon" : "sun"} />
    </button>
  );
}
