import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { visit } from "../../test/render";
import { Server } from "../../test/server";

test("an address that leads to no page says so, and leads on", async () => {
  new Server().start();
  visit("/no/such/page");

  expect(await screen.findByRole("heading", { name: "Nothing is moored here" })).toBeDefined();
  expect(screen.getByRole("link", { name: "Your namespaces" }).getAttribute("href")).toBe("/namespaces");
});
