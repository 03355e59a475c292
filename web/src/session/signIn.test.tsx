import { act, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ADA, app, connection, GRACE, namespace, status } from "../test/data";
import { address, visit } from "../test/render";
import { graphError, Server } from "../test/server";

function startServer() {
  const server = new Server({ namespaces: connection([]) }).start();
  server.newcomer = ADA;
  return server;
}

async function fill(user: ReturnType<typeof visit>, fields: Record<string, string>) {
  for (const [label, text] of Object.entries(fields)) {
    await user.click(await screen.findByLabelText(new RegExp(`^${label}`)));
    await user.paste(text);
  }
}

const CREDENTIALS = { "E-mail": "ada@example.org", Password: "correct horse battery" };

test("a page for those who are signed in is shown after signing in, not before", async () => {
  const server = startServer();
  server.graph["workload"] = app();
  const user = visit("/namespaces/shop-x1/apps/engine?tab=pods");
  await fill(user, CREDENTIALS);
  expect(server.asked("App")).toEqual([]);

  await user.click(screen.getByRole("button", { name: "Log in" }));

  expect(await screen.findByRole("heading", { name: "engine" })).toBeDefined();
  expect(address()).toBe("/namespaces/shop-x1/apps/engine?tab=pods");
});

test("what is typed goes to the server once", async () => {
  const server = startServer();
  const user = visit("/login");
  await fill(user, CREDENTIALS);

  await user.click(screen.getByRole("button", { name: "Log in" }));

  await screen.findByRole("heading", { name: "Namespaces" });
  expect(server.authRequests).toEqual([
    { action: "login", body: { email: "ada@example.org", password: "correct horse battery" } },
  ]);
});

test("a refusal about a field stands beside that field", async () => {
  const server = startServer();
  server.problem = { code: "INVALID_INPUT", message: "12 characters or more.", field: "password" };
  const user = visit("/register");
  await fill(user, { Name: "Ada", "E-mail": "ada@example.org", Password: "short" });

  await user.click(screen.getByRole("button", { name: "Create account" }));

  const message = await screen.findByText("12 characters or more.");
  expect(screen.getByLabelText(/^Password/).getAttribute("aria-describedby")).toContain(message.id);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("any other refusal is read out above the fields", async () => {
  const server = startServer();
  server.problem = { code: "UNAUTHENTICATED", message: "E-mail and password do not match." };
  const user = visit("/login");
  await fill(user, CREDENTIALS);

  await user.click(screen.getByRole("button", { name: "Log in" }));

  expect((await screen.findByRole("alert")).textContent).toBe("E-mail and password do not match.");
});

test("a server that does not answer is said so, and what was typed stays", async () => {
  const server = startServer();
  const user = visit("/login");
  await fill(user, CREDENTIALS);
  server.isReachable = false;

  await user.click(screen.getByRole("button", { name: "Log in" }));

  expect((await screen.findByRole("alert")).textContent).toContain("The server does not answer.");
  expect(screen.getByLabelText<HTMLInputElement>(/^E-mail/).value).toBe("ada@example.org");
});

test("the link with a token says what it does, and sends the token", async () => {
  const server = startServer();
  const user = visit("/register?token=one-time");
  expect(await screen.findByText("This link makes you the administrator of this server.")).toBeDefined();
  await fill(user, { Name: "Grace", ...CREDENTIALS });

  await user.click(screen.getByRole("button", { name: "Create account" }));

  await screen.findByRole("heading", { name: "Namespaces" });
  expect(server.authRequests[0]?.body).toMatchObject({ adminToken: "one-time" });
});

test("logging out leads to the main page, and leaves nothing of what was asked in the explorer", async () => {
  window.sessionStorage.setItem("graphiql:query", "mutation { planWorkload }");
  const server = startServer();
  server.user = ADA;
  const user = visit("/namespaces");

  await user.click(await screen.findByRole("button", { name: "Log out" }));

  expect(await screen.findByRole("link", { name: "Create an account" })).toBeDefined();
  expect(address()).toBe("/");
  expect(server.authRequests).toEqual([{ action: "logout", body: {} }]);
  expect(window.sessionStorage).toHaveLength(0);
});

test("only administrators are led to the users", async () => {
  startServer().user = GRACE;
  visit("/namespaces");
  expect(await screen.findByRole("link", { name: "Users" })).toBeDefined();
});

test("a member is not led to the users", async () => {
  startServer().user = ADA;
  visit("/namespaces");

  await screen.findByRole("link", { name: "Account" });

  expect(screen.queryByRole("link", { name: "Users" })).toBeNull();
});

test("a session that ends asks for the password where one is, and the page goes on", async () => {
  const server = startServer();
  server.user = ADA;
  server.graph["workload"] = () => {
    if (!server.user) throw graphError("UNAUTHENTICATED", "Your session has ended. Log in again.");
    return app();
  };
  const user = visit("/namespaces");
  await screen.findByRole("heading", { name: "Namespaces" });
  server.user = null;
  act(() => {
    window.history.pushState(null, "", "/namespaces/shop-x1/apps/engine");
    window.dispatchEvent(new PopStateEvent("popstate"));
  });
  expect((await screen.findByLabelText<HTMLInputElement>("E-mail")).value).toBe("ada@example.org");
  await fill(user, { Password: "correct horse battery" });

  await user.click(screen.getByRole("button", { name: "Log in" }));

  expect(await screen.findByRole("heading", { name: "engine" })).toBeDefined();
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a session that ends has nothing to reconnect to until one is signed in again, and goes on then", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const server = startServer();
  server.user = ADA;
  server.graph = { ...server.graph, workload: app(), namespace: namespace() };
  const user = visit("/namespaces/shop-x1/apps/engine");
  await server.publish("deploymentUpdated", { kind: "SNAPSHOT", workload: app(), cursor: "one" });

  server.user = null;
  server.sockets.latest.drop(4403);
  await screen.findByRole("dialog", { name: "Your session has ended" });
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(server.sockets.sockets).toHaveLength(1);
  expect(screen.queryByText(/^Reconnecting/)).toBeNull();
  await fill(user, { Password: "correct horse battery" });
  await user.click(screen.getByRole("button", { name: "Log in" }));

  const degraded = app({ status: status({ phase: "DEGRADED" }) });
  await server.publish("deploymentUpdated", { kind: "CHANGE", workload: degraded, cursor: "two" });
  expect(await screen.findByText("Degraded")).toBeDefined();
  expect(server.sockets.latest.subscriptions[0]?.payload.variables).toMatchObject({ after: "one" });
  expect(screen.queryByText(/^Reconnecting/)).toBeNull();
});

test("what was typed outlives the session", async () => {
  const server = startServer();
  server.user = ADA;
  server.graph = { ...server.graph, workloadForm: { kinds: [], sizes: [], rules: [], exposures: [] }, namespace: namespace() };
  const user = visit("/namespaces/shop-x1/new");
  await user.click(await screen.findByLabelText(/^Image/));
  await user.paste("ghcr.io/ada/engine:1");
  server.user = null;
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
  await fill(user, { Password: "correct horse battery" });

  await user.click(screen.getByRole("button", { name: "Log in" }));

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.getByLabelText<HTMLInputElement>(/^Image/).value).toBe("ghcr.io/ada/engine:1");
});

test("a server that does not say who is signed in signs nobody out", async () => {
  const server = startServer();
  server.user = ADA;
  visit("/namespaces");
  await screen.findByRole("heading", { name: "Namespaces" });

  server.isReachable = false;
  await act(async () => {
    document.dispatchEvent(new Event("visibilitychange"));
    await Promise.resolve();
  });

  expect(screen.getByText("ada@example.org")).toBeDefined();
});

test("a server that is away at first is asked again, and nobody is sent to log in", async () => {
  const server = startServer();
  server.user = ADA;
  server.isReachable = false;
  const user = visit("/namespaces");
  expect((await screen.findByRole("alert")).textContent).toContain("The server does not answer");

  server.isReachable = true;
  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("heading", { name: "Namespaces" })).toBeDefined();
});

test("somebody else who signed in in another tab is who this one is for, too", async () => {
  const server = startServer();
  server.user = ADA;
  visit("/namespaces");
  await screen.findByText("ada@example.org");

  server.user = { ...GRACE, email: "grace@example.org" };
  act(() => void document.dispatchEvent(new Event("visibilitychange")));

  expect(await screen.findByText("grace@example.org")).toBeDefined();
});

test("a log-out that the server did not do is told, and one stays logged in", async () => {
  const server = startServer();
  server.user = ADA;
  const user = visit("/namespaces");
  const button = await screen.findByRole("button", { name: "Log out" });

  server.isReachable = false;
  await user.click(button);

  expect((await screen.findByRole("dialog", { name: "You are still logged in" })).textContent).toContain(
    "The server does not answer.",
  );
  expect(address()).toBe("/namespaces");
});
