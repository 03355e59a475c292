import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";

import { ADA, connection, MOMENT, user as userOf, userError } from "../../test/data";
import { visit } from "../../test/render";
import { Server } from "../../test/server";

const TOKEN = {
  id: "ApiToken:1",
  name: "deploy from CI",
  prefix: "moor_ab",
  scopes: ["READ", "WRITE"],
  createdAt: MOMENT,
  expiresAt: MOMENT,
  lastUsedAt: null,
};

let server: Server;

beforeEach(() => {
  server = new Server({ viewer: userOf() }).start();
  server.user = ADA;
});

async function createToken(role = "MEMBER") {
  server.graph["viewer"] = userOf({ role });
  const user = visit("/account");
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(await screen.findByLabelText(/^Name/), "deploy from CI");
  return user;
}

test("a new token's secret is shown once: after that nothing has it", async () => {
  server.graph["createApiToken"] = () => {
    server.graph["viewer"] = userOf({ apiTokens: connection([TOKEN]) });
    return { apiToken: TOKEN, secret: "moor_s3cret", errors: [] };
  };
  const user = await createToken();

  await user.click(screen.getByRole("button", { name: "Create token" }));
  expect((await screen.findByLabelText("API token")).textContent).toBe("moor_s3cret");
  await user.click(screen.getByRole("button", { name: "Done" }));

  expect(await screen.findByRole("cell", { name: "deploy from CI" })).toBeDefined();
  expect(document.body.innerHTML).not.toContain("moor_s3cret");
  await user.click(screen.getByRole("button", { name: "New token" }));
  expect(await screen.findByRole("button", { name: "Create token" })).toBeDefined();
  expect(document.body.innerHTML).not.toContain("moor_s3cret");
});

test("a secret that is shown is not lost by Esc", async () => {
  server.graph["createApiToken"] = { apiToken: TOKEN, secret: "moor_s3cret", errors: [] };
  const user = await createToken();
  await user.click(screen.getByRole("button", { name: "Create token" }));
  await screen.findByLabelText("API token");

  await user.keyboard("{Escape}");

  expect(screen.getByLabelText("API token").textContent).toBe("moor_s3cret");
  expect(screen.queryByRole("button", { name: "Done" })).not.toBeNull();
});

test("a token has the rights and the life that are chosen", async () => {
  server.graph["createApiToken"] = { apiToken: TOKEN, secret: "moor_s3cret", errors: [] };
  const user = await createToken();

  await user.click(screen.getByRole("checkbox", { name: "Deploy, change and delete" }));
  await user.click(screen.getByRole("button", { name: "Create token" }));

  await screen.findByLabelText("API token");
  const input = { name: "deploy from CI", scopes: ["READ", "WRITE"], expiresInDays: 90 };
  expect(server.asked("CreateApiToken")).toEqual([{ input }]);
});

test("a token without any right cannot be made", async () => {
  const user = await createToken();

  await user.click(screen.getByRole("checkbox", { name: "Read everything that you can see" }));

  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Create token" }).disabled).toBe(true);
});

test("a member is not offered an administrator's rights", async () => {
  await createToken("MEMBER");

  expect(screen.queryByRole("checkbox", { name: "Administer the platform" })).toBeNull();
});

test("an administrator is offered them", async () => {
  await createToken("ADMINISTRATOR");

  expect(screen.getByRole("checkbox", { name: "Administer the platform" })).toBeDefined();
});

test("a token that is refused says why, and what was typed stays", async () => {
  server.graph["createApiToken"] = { apiToken: null, secret: null, errors: [userError("NameTakenError", "There is one so named.")] };
  const user = await createToken();

  await user.click(screen.getByRole("button", { name: "Create token" }));

  expect((await screen.findByRole("alert")).textContent).toContain("There is one so named.");
  expect(screen.getByLabelText<HTMLInputElement>(/^Name/).value).toBe("deploy from CI");
});

test("a token that is revoked is gone from the list", async () => {
  server.graph["viewer"] = userOf({ apiTokens: connection([TOKEN]) });
  server.graph["revokeApiToken"] = () => {
    server.graph["viewer"] = userOf();
    return { apiToken: TOKEN, errors: [] };
  };
  const user = visit("/account");
  await user.click(await screen.findByRole("button", { name: "Revoke deploy from CI" }));
  await user.type(await screen.findByLabelText("Type deploy from CI to confirm"), "deploy from CI");

  await user.click(screen.getByRole("button", { name: "Revoke token" }));

  await waitFor(() => expect(screen.queryByRole("cell", { name: "deploy from CI" })).toBeNull());
  expect(server.asked("RevokeApiToken")).toEqual([{ input: { id: "ApiToken:1" } }]);
});
