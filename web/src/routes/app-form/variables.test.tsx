import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { type Server } from "../../test/server";
import { described, fill, openEdit, openNew, review, startServer, type User, valueOf } from "./form.steps";

let server: Server;

beforeEach(() => {
  server = startServer();
});

describe("variables", () => {
  async function openVariables(): Promise<User> {
    const user = await openNew();
    await user.click(screen.getByRole("button", { name: /^More: replicas/ }));
    await user.click(await screen.findByRole("button", { name: "Add variable" }));
    return user;
  }

  test("a .env file pasted into a name becomes a row for each variable", async () => {
    const user = await openVariables();

    await user.click(screen.getByLabelText("Environment 1: name"));
    await user.paste("# of the shop\nLOG_LEVEL=info\nGREETING='hello there'\n");

    expect(valueOf("Environment 1: name")).toBe("LOG_LEVEL");
    expect(valueOf("Environment 1: value")).toBe("info");
    expect(valueOf("Environment 2: name")).toBe("GREETING");
    expect(valueOf("Environment 2: value")).toBe("hello there");
  });

  test("lines that nothing was taken from are named", async () => {
    const user = await openVariables();

    await user.click(screen.getByLabelText("Environment 1: name"));
    await user.paste("LOG_LEVEL=info\nwhat is this\n");

    expect(screen.getByText("Nothing was taken from line 2 of what you pasted")).toBeDefined();
  });

  test("a key pasted into a value keeps its lines", async () => {
    const user = await openVariables();
    const key = "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n";

    await user.click(screen.getByRole("button", { name: "Add secret" }));
    await user.click(screen.getByLabelText("Secrets 1: value"));
    await user.paste(key);

    expect(screen.getByLabelText<HTMLTextAreaElement>("Secrets 1: value").value).toBe(key);
    expect(document.activeElement).toBe(screen.getByLabelText("Secrets 1: value"));
  });

  test("a name that is no file is pasted as it is", async () => {
    const user = await openVariables();

    await user.click(screen.getByLabelText("Environment 1: name"));
    await user.paste("LOG_LEVEL");

    expect(valueOf("Environment 1: name")).toBe("LOG_LEVEL");
    expect(screen.queryByLabelText("Environment 2: name")).toBeNull();
  });

  test("a variable that is wrong says so in its own row", async () => {
    const user = await openVariables();

    await fill(user, "Environment 1: name", "1ST");

    expect(described("Environment 1: name")).toContain("A variable's name has letters, digits and underscores.");
  });

  test("a row can be taken away", async () => {
    const user = await openVariables();
    await fill(user, "Environment 1: name", "LOG_LEVEL");

    await user.click(screen.getByRole("button", { name: "Remove LOG_LEVEL" }));

    expect(screen.queryByLabelText("Environment 1: name")).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Add variable" })));
  });

  test("where a row is taken away, the next one has the focus", async () => {
    const user = await openVariables();
    await user.click(screen.getByLabelText("Environment 1: name"));
    await user.paste("LOG_LEVEL=info\nGREETING=hello\n");

    await user.click(screen.getByRole("button", { name: "Remove LOG_LEVEL" }));

    expect(valueOf("Environment 1: name")).toBe("GREETING");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Environment 1: name")));
  });

  test("a file that was pasted leaves the focus with its first row", async () => {
    const user = await openVariables();

    await user.click(screen.getByLabelText("Environment 1: name"));
    await user.paste("LOG_LEVEL=info\nGREETING=hello\n");

    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Environment 1: name")));
  });

  test("a secret that is there is not shown, and gets another value only when it is asked for", async () => {
    const user = await openEdit();
    expect(screen.queryByLabelText("Secrets 1: value")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Replace" }));
    await fill(user, "Secrets 1: value", "n3w");

    await review(user);
    await screen.findByRole("list", { name: "Changes" });

    expect(server.asked("PlanWorkload")[0]).toMatchObject({
      input: { workload: { secrets: [{ name: "DATABASE_PASSWORD", value: "n3w" }] } },
    });
  });
});
