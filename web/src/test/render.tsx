import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import { userEvent, type UserEvent } from "@testing-library/user-event";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";

import { App } from "../App";
import { cssVariables, theme } from "../theme/theme";

/** Shows a part of a page, and gives somebody to use it. */
export function show(part: ReactNode): UserEvent {
  const user = userEvent.setup();
  render(part, { wrapper: Surroundings });
  return user;
}

/** Opens an address of the app, and gives somebody to use the page. */
export function visit(address: string): UserEvent {
  window.history.replaceState(null, "", address);
  const user = userEvent.setup();
  render(<App />, { wrapper: Themed });
  return user;
}

/** Where the app is, as the address bar says. */
export function address(): string {
  return window.location.pathname + window.location.search;
}

function Surroundings({ children }: { children: ReactNode }) {
  return (
    <Themed>
      <MemoryRouter>{children}</MemoryRouter>
    </Themed>
  );
}

/** `env="test"`: dialogs come and go at once. */
function Themed({ children }: { children: ReactNode }) {
  return (
    <MantineProvider env="test" theme={theme} cssVariablesResolver={cssVariables}>
      {children}
    </MantineProvider>
  );
}
