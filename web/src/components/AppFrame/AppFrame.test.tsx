import { screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";

import { ADA, connection, user as userOf } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

afterEach(() => document.querySelector('meta[name="moorage-explorer"]')?.remove());

test("a page that one is led to has the focus, and is read from its beginning", async () => {
  const server = new Server({ namespaces: connection([]), viewer: userOf() }).start();
  server.user = ADA;
  const user = visit("/namespaces");
  await screen.findByRole("heading", { name: "Namespaces" });

  await user.click(screen.getByRole("link", { name: "Account" }));
  await screen.findByRole("heading", { name: "Account" });

  expect(document.activeElement).toBe(screen.getByRole("main"));
});

test.each([
  ["on", 1],
  ["off", 0],
])("where the page says that the explorer is %s, %i link leads to it", async (said, links) => {
  document.head.insertAdjacentHTML("beforeend", `<meta name="moorage-explorer" content="${said}" />`);
  new Server({ namespaces: connection([]) }).start().user = ADA;

  visit("/namespaces");
  await screen.findByRole("link", { name: "Account" });

  expect(screen.queryAllByRole("link", { name: "API explorer" })).toHaveLength(links);
});
