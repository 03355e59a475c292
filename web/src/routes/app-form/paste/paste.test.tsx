import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { pasted, userError } from "../../../test/data";
import { graphError, type Server } from "../../../test/server";
import { described, fill, IMAGE, openEdit, openNew, review, startServer, type User, valueOf } from "../form.steps";

const TEXT = /^A docker run line/;
const LINE = `docker run ${IMAGE}`;

let server: Server;

beforeEach(() => {
  server = startServer();
});

/** From now on whatever is pasted says this of an app. */
function says(fields: Record<string, unknown> = {}) {
  server.graph["pastedWorkload"] = { workload: pasted(fields), errors: [] };
}

async function openDialog(user: User) {
  await user.click(screen.getByRole("button", { name: "Paste…" }));
  await screen.findByLabelText(TEXT);
}

async function paste(user: User, text = LINE) {
  await openDialog(user);
  await send(user, text);
}

async function send(user: User, text: string) {
  await fill(user, TEXT, text);
  await user.click(screen.getByRole("button", { name: "Fill the form" }));
}

/** What the form tells of the text that filled it, once it did. */
async function notice() {
  const title = await screen.findByText("Filled from what you pasted");
  return within(title.closest<HTMLElement>('[role="note"]') ?? document.body);
}

describe("what was pasted", () => {
  test("fills every field that it speaks of, in sight, and is planned as it is", async () => {
    const readiness = { path: "/healthz", command: [], delaySeconds: 5, periodSeconds: 10, timeoutSeconds: 1, failures: 3 };
    const told = { port: 80, size: "M", replicas: 2, runAsUser: 1000, arguments: ["--verbose"], shutdownSeconds: 60, readiness };
    const environment = [{ name: "LOG_LEVEL", value: "debug" }];
    const secrets = [{ name: "DATABASE_PASSWORD", value: "harbour" }];
    says({ name: "shop", ...told, environment, secrets });
    const user = await openNew();

    await paste(user);
    await notice();

    expect(server.asked("PastedWorkload")).toEqual([{ text: LINE }]);
    expect(valueOf("Environment 1: value")).toBe("debug");
    expect(valueOf("Secrets 1: value")).toBe("harbour");
    expect(valueOf(/^Arguments/)).toBe("--verbose");
    await review(user);
    await screen.findByRole("list", { name: "Changes" });
    expect(server.asked("PlanWorkload")).toMatchObject([
      { input: { workload: { name: "shop", image: IMAGE, ...told, environment, secrets } } },
    ]);
  });

  test("leaves what it does not speak of as in an empty form, without a port, and is given a name", async () => {
    says();
    const user = await openNew();

    await paste(user);

    const told = await notice();
    expect(told.getByText(/It names no port/)).toBeDefined();
    expect(valueOf(/^Port/)).toBe("");
    expect(valueOf(/^Name/)).toBe("engine");
    expect(valueOf(/^Replicas/)).toBe("1");
  });

  test("replaces what was typed, and says so before", async () => {
    says({ name: "shop" });
    const user = await openNew();
    await openDialog(user);
    expect(screen.queryByText("What is in the form now will be replaced")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await fill(user, /^Name/, "mill");
    await fill(user, /^Port/, "9000");

    await openDialog(user);
    expect(screen.getByText("What is in the form now will be replaced")).toBeDefined();
    await send(user, LINE);
    await notice();

    expect(valueOf(/^Name/)).toBe("shop");
    expect(valueOf(/^Port/)).toBe("");
  });

  test("keeps its name when another image is typed", async () => {
    says({ name: "shop" });
    const user = await openNew();
    await paste(user);
    await notice();

    await fill(user, /^Image/, "ghcr.io/ada/other:1");

    expect(valueOf(/^Name/)).toBe("shop");
  });

  test("is asked about when the page is left", async () => {
    says();
    const user = await openNew();
    await paste(user);
    await notice();

    await user.click(screen.getByRole("link", { name: "Account" }));

    expect(await screen.findByRole("button", { name: "Stay" })).toBeDefined();
  });

  test("is never pasted over an app that is there", async () => {
    await openEdit();

    expect(screen.queryByRole("button", { name: "Paste…" })).toBeNull();
  });
});

describe("the focus", () => {
  test("goes to the first field", async () => {
    says();
    const user = await openNew();

    await paste(user);

    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(/^Image/)));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("goes to the first field that is not right", async () => {
    says({ name: "Web_Shop", environment: [{ name: "LOG-LEVEL", value: "info" }] });
    const user = await openNew();

    await paste(user);

    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(/^Name/)));
    expect(described(/^Name/)).toContain("A name has lower-case letters, digits and hyphens.");
    expect(described("Environment 1: name")).toContain("A variable's name has letters, digits and underscores.");
  });
});

describe("what is told of it", () => {
  const parts = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ what: `--flag-${index}`, why: "There is no field for it." }));

  test("is what it was read as, and which variables are secrets, by name alone", async () => {
    says({ source: "COMPOSE", secrets: [{ name: "API_KEY", value: "harbour" }, { name: "DB_PASSWORD", value: "cedar" }] });
    const user = await openNew();

    await paste(user);

    const told = await notice();
    expect(told.getByText(/^It was read as a compose file\./)).toBeDefined();
    expect(told.getByText("API_KEY, DB_PASSWORD")).toBeDefined();
    expect(told.queryByText(/harbour|cedar/)).toBeNull();
    expect(told.queryByRole("list")).toBeNull();
  });

  test("is what was assumed", async () => {
    says({ notes: [{ what: "--volume data:/data", message: "It is taken as the volume data." }] });
    const user = await openNew();

    await paste(user);

    const list = (await notice()).getByRole("list", { name: "To be looked over:" });
    expect(list.textContent).toBe("--volume data:/data: It is taken as the volume data.");
  });

  test("is what was left out, and why", async () => {
    const leftOut = [{ what: "services.db", why: "One form is one app: paste this service on its own." }];
    says({ leftOut });
    const user = await openNew();

    await paste(user);

    const list = (await notice()).getByRole("list", { name: "A part of it is left out:" });
    expect(list.textContent).toBe("services.db: One form is one app: paste this service on its own.");
  });

  test("is five parts at first, and all of them once they are asked for", async () => {
    says({ leftOut: parts(7) });
    const user = await openNew();
    await paste(user);
    const told = await notice();
    expect(told.getAllByRole("listitem")).toHaveLength(5);

    await user.click(told.getByRole("button", { name: "Show all 7" }));

    expect(told.getAllByRole("listitem")).toHaveLength(7);
    expect(told.getByRole("button", { name: "Show 5 of them" }).getAttribute("aria-expanded")).toBe("true");
  });

  test("is read out", async () => {
    says({ leftOut: parts(2) });
    const user = await openNew();

    await paste(user);

    expect(await screen.findByText("The form is filled from what you pasted; left out: 2.")).toBeDefined();
  });

  test("goes once it is dismissed", async () => {
    says();
    const user = await openNew();
    await paste(user);

    await user.click((await notice()).getByRole("button", { name: "Dismiss" }));

    expect(screen.queryByText("Filled from what you pasted")).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Paste…" }));
    expect(valueOf(/^Image/)).toBe(IMAGE);
  });
});

describe("a text that cannot be read", () => {
  function refuses() {
    const error = userError("InvalidInputError", "This is no `docker run` line.", { path: ["text"], example: LINE });
    server.graph["pastedWorkload"] = { workload: null, errors: [error] };
  }

  test("stays in the dialog, with the reason beside it, until it is changed", async () => {
    refuses();
    const user = await openNew();

    await paste(user, "ls -l");

    await waitFor(() => expect(described(TEXT)).toContain(`This is no \`docker run\` line. Example: ${LINE}`));
    expect(valueOf(TEXT)).toBe("ls -l");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText(TEXT)));
    await fill(user, TEXT, LINE);
    expect(described(TEXT)).not.toContain("This is no");
  });

  test("changes nothing in the form", async () => {
    refuses();
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await paste(user, "ls -l");
    await waitFor(() => expect(described(TEXT)).toContain("This is no"));

    await user.keyboard("{Escape}");

    expect(valueOf(/^Image/)).toBe(IMAGE);
  });

  test("is not sent where it is longer than is read", async () => {
    const user = await openNew();

    await paste(user, "x".repeat(64 * 1024 + 1));

    expect(described(TEXT)).toContain("This is longer than 64 KiB.");
    expect(server.asked("PastedWorkload")).toEqual([]);
  });

  test("is not sent where it is empty", async () => {
    const user = await openNew();
    await openDialog(user);

    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Fill the form" }).disabled).toBe(true);
  });

  test("may be sent again where there was no answer", async () => {
    server.graph["pastedWorkload"] = () => {
      throw graphError("RATE_LIMITED", "Try again in a minute.");
    };
    const user = await openNew();
    await paste(user);
    expect((await screen.findByRole("alert")).textContent).toContain("Try again in a minute.");
    says();

    await user.click(screen.getByRole("button", { name: "Fill the form" }));

    await notice();
    expect(valueOf(/^Image/)).toBe(IMAGE);
  });
});
