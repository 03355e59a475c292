import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { app, spec } from "../../test/data";
import { type Server } from "../../test/server";
import { described, fill, IMAGE, openEdit, openNew, review, startServer, type User, valueOf } from "./form.steps";

let server: Server;

beforeEach(() => {
  server = startServer();
});

describe("the process", () => {
  async function openProcess(): Promise<User> {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await user.click(screen.getByRole("button", { name: /^More: command/ }));
    return user;
  }

  test("a command is a word a line, and nothing in it has to be quoted", async () => {
    const user = await openProcess();

    await fill(user, /^Arguments/, "--greeting\nhello there");
    await review(user);
    await screen.findByRole("list", { name: "Changes" });

    expect(server.asked("PlanWorkload")).toMatchObject([
      { input: { workload: { command: [], arguments: ["--greeting", "hello there"] } } },
    ]);
  });

  test("a check is described once it is wanted, and every part of it is checked while it is typed", async () => {
    const user = await openProcess();
    expect(screen.queryByLabelText(/^Path/)).toBeNull();

    await user.click(await screen.findByRole("switch", { name: /^Readiness check/ }));
    await fill(user, /^Path/, "healthz");
    expect(described(/^Path/)).toContain("A path begins with a slash.");
    await fill(user, /^Path/, "/healthz");
    await review(user);
    await screen.findByRole("list", { name: "Changes" });

    const readiness = { path: "/healthz", command: [], delaySeconds: 0, periodSeconds: 10, timeoutSeconds: 2, failures: 3 };
    expect(server.asked("PlanWorkload")).toMatchObject([{ input: { workload: { readiness, liveness: null } } }]);
  });

  test("an app that says more of its process is opened with that in sight", async () => {
    const liveness = { path: null, command: ["check"], delaySeconds: 5, periodSeconds: 10, timeoutSeconds: 2, failures: 3 };
    server.graph["workload"] = app({ spec: spec({ liveness }) });

    const user = await openEdit();

    expect(valueOf(/^Or a command/)).toBe("check");
    await review(user);
    await screen.findByRole("list", { name: "Changes" });
    expect(server.asked("PlanWorkload")).toMatchObject([{ input: { workload: { liveness } } }]);
  });
});
