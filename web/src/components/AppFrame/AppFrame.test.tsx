import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { ADA, connection, user as userOf } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

test("a page that one is led to has the focus, and is read from its beginning", async () => {
  const server = new Server({ namespaces: connection([]), viewer: userOf() }).start();
  server.user = ADA;
  const user = visit("/namespaces");
  await screen.findByRole("heading", { name: "Namespaces" });

  await user.click(screen.getByRole("link", { name: "Account" }));
  await screen.findByRole("heading", { name: "Account" });

  expect(document.activeElement).toBe(screen.getByRole("main"));
});
