import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { connection, GRACE, user as userOf } from "../../test/data";
import { visit } from "../../test/render";
import { graphError, Server } from "../../test/server";

const ALL = ["Ada", "Barbara", "Claude"].map((displayName) =>
  userOf({ id: `User:${displayName}`, displayName, email: `${displayName}@example.org` }),
);

/** Two users a page. */
function users({ after }: { after: string | null }) {
  const from = after === null ? 0 : Number(after);
  const pageInfo = { hasNextPage: from + 2 < ALL.length, endCursor: String(from + 2) };
  return { ...connection(ALL.slice(from, from + 2), pageInfo), totalCount: ALL.length };
}

function open(field: unknown) {
  const server = new Server({ users: field }).start();
  server.user = GRACE;
  return visit("/users");
}

test("the pages lead forth and back", async () => {
  const user = open(users);
  expect(await screen.findByRole("cell", { name: "Barbara" })).toBeDefined();
  expect(screen.getByText("3 accounts")).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Previous page" }).disabled).toBe(true);

  await user.click(screen.getByRole("button", { name: "Next page" }));
  expect(await screen.findByRole("cell", { name: "Claude" })).toBeDefined();
  expect(screen.queryByRole("cell", { name: "Ada" })).toBeNull();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Next page" }).disabled).toBe(true);

  await user.click(screen.getByRole("button", { name: "Previous page" }));
  expect(await screen.findByRole("cell", { name: "Ada" })).toBeDefined();
});

test("where all users fit on a page there is nothing to turn", async () => {
  open(connection(ALL));

  await screen.findByRole("cell", { name: "Claude" });

  expect(screen.queryByRole("button", { name: "Next page" })).toBeNull();
});

test("somebody who may not see them is told so, within the frame", async () => {
  open(() => {
    throw graphError("FORBIDDEN", "Only administrators see users.");
  });

  expect((await screen.findByRole("alert")).textContent).toContain("Only administrators see users.");
  expect(screen.getByRole("link", { name: "Account" })).toBeDefined();
});
