import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { ADA, app, connection, MIB, namespace, plan, quota, spec, userError, workloadForm } from "../../test/data";
import { address, visit } from "../../test/render";
import { graphError, Server } from "../../test/server";

const IMAGE = "ghcr.io/ada/engine:1.4.2";

let server: Server;

beforeEach(() => {
  server = new Server({
    workloadForm: workloadForm(),
    namespace: namespace(),
    workload: app(),
    planWorkload: { plan: plan(), errors: [] },
    deployWorkload: { workload: app(), errors: [] },
  }).start();
  server.user = ADA;
});

type User = ReturnType<typeof visit>;

async function openNew(): Promise<User> {
  const user = visit("/namespaces/shop-x1/new");
  await screen.findByLabelText(/^Image/);
  return user;
}

async function openEdit(): Promise<User> {
  const user = visit("/namespaces/shop-x1/apps/engine/edit");
  await screen.findByLabelText(/^Image/);
  return user;
}

async function fill(user: User, label: string | RegExp, text: string) {
  const input = screen.getByLabelText(label);
  await user.clear(input);
  await user.click(input);
  await user.paste(text);
}

async function review(user: User) {
  await user.click(screen.getByRole("button", { name: "Review plan" }));
}

async function openPlanned(): Promise<User> {
  const user = await openNew();
  await fill(user, /^Image/, IMAGE);
  await review(user);
  await screen.findByRole("list", { name: "Changes" });
  return user;
}

/** What a field says of itself beside its label. */
function described(label: string | RegExp): string {
  const ids = screen.getByLabelText(label).getAttribute("aria-describedby") ?? "";
  return ids.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
}

function valueOf(label: string | RegExp): string {
  return screen.getByLabelText<HTMLInputElement>(label).value;
}

describe("the fields", () => {
  test("an untouched form finds fault with nothing", async () => {
    await openNew();

    expect(screen.queryByText("An image reference is registry/repository:tag.")).toBeNull();
  });

  test("a field that is wrong says so while it is typed, with an example that would do", async () => {
    const user = await openNew();

    await fill(user, /^Name/, "Web Shop");

    expect(described(/^Name/)).toContain("A name has lower-case letters, digits and hyphens. Example: web-shop");
    expect(screen.getByLabelText(/^Name/).getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByText("Some fields are not right yet.")).toBeDefined();
  });

  test("the name is proposed from the image, until it is typed", async () => {
    const user = await openNew();

    await fill(user, /^Image/, IMAGE);
    expect(valueOf(/^Name/)).toBe("engine");
    await fill(user, /^Name/, "shop");
    await fill(user, /^Image/, "ghcr.io/ada/other:1");

    expect(valueOf(/^Name/)).toBe("shop");
  });

  test("a form that breaks a rule is not sent, and every field that is wrong says why", async () => {
    const user = await openNew();

    await review(user);

    expect(described(/^Image/)).toContain("An image reference is registry/repository:tag.");
    expect(described(/^Name/)).toContain("A name has lower-case letters");
    expect(server.asked("PlanWorkload")).toEqual([]);
  });

  test("the sizes say how many pods of them the quota has room for", async () => {
    server.graph["namespace"] = namespace({ quota: [quota("limits.memory", 0, 1024 * MIB, "BYTES")] });
    await openNew();

    const rooms = screen.getAllByRole("radio").map((each) => each.textContent);

    expect(screen.getByRole("radio", { name: /^S.*core.*MiB.*room for 4$/ })).toBeDefined();
    expect(rooms.map((text) => text.replace(/^.*MiB|^.*GiB/, ""))).toEqual([
      "room for 4",
      "room for 2",
      "room for 1",
      "does not fit",
    ]);
  });

  test("an app that is edited keeps its name and its secrets", async () => {
    const user = await openEdit();
    expect(screen.getByLabelText<HTMLInputElement>(/^Name/).readOnly).toBe(true);

    await fill(user, /^Image/, "ghcr.io/ada/engine:2");
    await review(user);
    await screen.findByRole("list", { name: "Changes" });

    expect(server.asked("PlanWorkload")[0]).toEqual({
      input: {
        namespace: "shop-x1",
        baseRevision: 1,
        workload: {
          ...spec({ image: "ghcr.io/ada/engine:2" }),
          name: "engine",
          secrets: [{ name: "DATABASE_PASSWORD", value: null }],
        },
      },
    });
  });

  test("an app is edited as it is now, not as it was when the form was opened before", async () => {
    server.graph["namespace"] = namespace({ workloads: connection([app()]) });
    const user = await openEdit();
    await user.click(screen.getByRole("link", { name: "Shop" }));
    await user.click(await screen.findByRole("link", { name: "engine" }));
    await screen.findByRole("heading", { name: "engine" });
    server.graph["workload"] = app({ spec: spec({ image: "ghcr.io/ada/engine:2" }) });

    await user.click(screen.getByRole("link", { name: "Edit" }));
    await screen.findByRole("heading", { name: "Edit engine" });

    await waitFor(() => expect(valueOf(/^Image/)).toBe("ghcr.io/ada/engine:2"));
  });

  test("an app that is not there cannot be edited", async () => {
    server.graph["workload"] = null;
    visit("/namespaces/shop-x1/apps/engine/edit");

    expect(await screen.findByText("There is no app engine here, or it is not yours.")).toBeDefined();
  });
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

describe("the plan", () => {
  test("says what would happen to each object, field by field", async () => {
    const changes = [{ path: "spec.replicas", action: "UPDATE", before: "1", after: "3" }];
    server.graph["planWorkload"] = {
      plan: plan({
        action: "UPDATE",
        diff: [
          { kind: "Deployment", name: "engine", action: "UPDATE", changes },
          { kind: "Secret", name: "engine", action: "DELETE", changes: [] },
        ],
      }),
      errors: [],
    };
    const user = await openEdit();

    await review(user);

    const objects = within(await screen.findByRole("list", { name: "Changes" }));
    expect(objects.getByText("Deployment/engine")).toBeDefined();
    expect(objects.getByText("spec.replicas").parentElement?.textContent).toBe("spec.replicas1→3");
    expect(objects.getByText("Secret/engine").parentElement?.textContent).toBe("deleteSecret/engine");
  });

  test("says when the quota does not hold at the rollout's peak", async () => {
    const memory = { resource: "limits.memory", unit: "BYTES", used: 0, after: 512 * MIB, peak: 1280 * MIB, hard: 1024 * MIB };
    server.graph["planWorkload"] = { plan: plan({ quota: [{ ...memory, fits: false }] }), errors: [] };

    await openPlanned();

    expect(screen.getByText("1.25 GiB at the rollout's peak, which does not fit")).toBeDefined();
  });

  test("is taken away as soon as the form is changed", async () => {
    const user = await openPlanned();

    await fill(user, /^Image/, "ghcr.io/ada/engine:2");

    expect(screen.queryByRole("button", { name: "Deploy" })).toBeNull();
    expect(screen.getByText(/The form has changed since the plan was made/)).toBeDefined();
  });

  test("Deploy sends that very plan, and leads to the app", async () => {
    server.graph["planWorkload"] = { plan: plan({ id: "Plan:42" }), errors: [] };
    const user = await openPlanned();

    await user.click(screen.getByRole("button", { name: "Deploy" }));

    await screen.findByRole("heading", { name: "engine" });
    expect(address()).toBe("/namespaces/shop-x1/apps/engine");
    expect(server.asked("DeployWorkload")).toEqual([{ input: { planId: "Plan:42" } }]);
  });

  test("a new app never changes one that is there: the plan is not offered, the other app is", async () => {
    server.graph["planWorkload"] = { plan: plan({ action: "UPDATE" }), errors: [] };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await review(user);

    expect((await screen.findByRole("alert")).textContent).toContain("There is an app engine here already");
    expect(screen.queryByRole("button", { name: /^Deploy/ })).toBeNull();
    const link = screen.getByRole("link", { name: "change that app" });
    expect(link.getAttribute("href")).toBe("/namespaces/shop-x1/apps/engine/edit");
  });

  test("a finding comes with its fix, which puts itself into the form and plans again", async () => {
    const fix = { label: "Run as user 1000", path: ["workload", "runAsUser"], value: "1000" };
    const finding = { severity: "WARNING", message: "The image may start as root.", path: [], fix };
    server.graph["planWorkload"] = { plan: plan({ findings: [finding] }), errors: [] };
    const user = await openPlanned();
    server.graph["planWorkload"] = { plan: plan(), errors: [] };

    await user.click(screen.getByRole("button", { name: "Run as user 1000" }));

    await screen.findByRole("list", { name: "Changes" });
    expect(screen.queryByText("The image may start as root.")).toBeNull();
    const runAsUser = [null, 1000].map((each) => ({ input: { workload: { runAsUser: each } } }));
    expect(server.asked("PlanWorkload")).toMatchObject(runAsUser);
  });
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

describe("what others did meanwhile", () => {
  const CONFLICT = userError("PlanConflictError", "Revision 2 of engine was deployed since revision 1.", {
    path: ["baseRevision"],
    changes: ["environment[LOG_LEVEL]"],
  });

  test("is shown before it is replaced, and replaced only by somebody who has seen it", async () => {
    server.graph["planWorkload"] = { plan: null, errors: [CONFLICT] };
    const user = await openEdit();
    await fill(user, /^Image/, "ghcr.io/ada/engine:2");
    await review(user);
    expect((await screen.findByRole("alert")).textContent).toContain("environment[LOG_LEVEL]");

    server.graph["planWorkload"] = { plan: plan({ action: "UPDATE" }), errors: [] };
    await user.click(screen.getByRole("button", { name: "Replace it with what I have here" }));

    expect(await screen.findByRole("button", { name: "Deploy this change" })).toBeDefined();
    const bases = [1, null].map((baseRevision) => ({ input: { baseRevision } }));
    expect(server.asked("PlanWorkload")).toMatchObject(bases);
  });
});

describe("leaving the form", () => {
  test("is asked about where something was typed, and staying keeps it", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await user.click(screen.getByRole("link", { name: "Account" }));
    await user.click(await screen.findByRole("button", { name: "Stay" }));

    expect(address()).toBe("/namespaces/shop-x1/new");
    expect(valueOf(/^Image/)).toBe(IMAGE);
  });

  test("is done by somebody who says so", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await user.click(screen.getByRole("link", { name: "Shop" }));
    await user.click(await screen.findByRole("button", { name: "Leave" }));

    await waitFor(() => expect(address()).toBe("/namespaces/shop-x1"));
  });

  test("is not asked about where nothing was typed", async () => {
    const user = await openNew();

    await user.click(screen.getByRole("link", { name: "Shop" }));

    await waitFor(() => expect(address()).toBe("/namespaces/shop-x1"));
  });

  test("a reload is asked about by the browser", async () => {
    const user = await openNew();
    const unload = () => {
      const event = new Event("beforeunload", { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(unload()).toBe(false);

    await fill(user, /^Image/, IMAGE);

    expect(unload()).toBe(true);
  });
});

describe("what goes wrong", () => {
  test("a row that is wrong stays in sight, and is led to", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await user.click(screen.getByRole("button", { name: /^More: replicas/ }));
    await user.click(await screen.findByRole("button", { name: "Add variable" }));
    await user.click(screen.getByRole("button", { name: /^Less: replicas/ }));

    await review(user);

    const name = screen.getByLabelText("Environment 1: name");
    await waitFor(() => expect(document.activeElement).toBe(name));
    expect(screen.getByRole("button", { name: /^Less: replicas/ })).toBeDefined();
  });

  test("nothing can be typed while a plan is being deployed, so that its end is not missed", async () => {
    let answer: (value: object) => void = () => undefined;
    server.graph["deployWorkload"] = () => new Promise((resolve) => (answer = resolve));
    const user = await openPlanned();

    await user.click(screen.getByRole("button", { name: "Deploy" }));
    expect(screen.getByLabelText(/^Image/).matches(":disabled")).toBe(true);
    await waitFor(() => expect(server.asked("DeployWorkload")).toHaveLength(1));
    answer({ workload: null, errors: [userError("QuotaExceededError", "There is no room any more.", {})] });

    expect((await screen.findByRole("alert")).textContent).toContain("There is no room any more.");
    expect(screen.getByLabelText(/^Image/).matches(":disabled")).toBe(false);
  });

  test("a refusal stands beside the field that it is about, until that field is changed", async () => {
    const refusal = userError("InvalidInputError", "There is no such tag.", { path: ["workload", "image"], example: "engine:1" });
    server.graph["planWorkload"] = { plan: null, errors: [refusal] };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await review(user);

    expect((await screen.findByRole("alert")).textContent).toContain("This cannot be deployed as it is");
    await waitFor(() => expect(described(/^Image/)).toContain("There is no such tag. Example: engine:1"));
    await fill(user, /^Image/, "ghcr.io/ada/engine:2");
    expect(described(/^Image/)).not.toContain("There is no such tag.");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("a field that is folded away unfolds when it is refused", async () => {
    const refusal = userError("InvalidInputError", "Too many.", { path: ["workload", "replicas"], example: "3" });
    server.graph["planWorkload"] = { plan: null, errors: [refusal] };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await review(user);

    const less = await screen.findByRole("button", { name: /^Less: replicas/ });
    expect(less.getAttribute("aria-expanded")).toBe("true");
    await waitFor(() => expect(described(/^Replicas/)).toContain("Too many."));
  });

  test("a refusal by policy brings its fix", async () => {
    const fix = { label: "Run as user 1000", path: ["workload", "runAsUser"], value: "1000" };
    const refusal = userError("PolicyViolationError", "It would run as root.", { path: ["workload"], fix });
    server.graph["planWorkload"] = { plan: null, errors: [refusal] };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await review(user);
    await screen.findByText("It would run as root.");
    server.graph["planWorkload"] = { plan: plan(), errors: [] };

    await user.click(screen.getByRole("button", { name: "Run as user 1000" }));

    expect(await screen.findByRole("button", { name: "Deploy" })).toBeDefined();
  });

  test("a plan that no longer holds is not deployed: what changed is shown, and it is planned anew", async () => {
    const conflict = userError("PlanConflictError", "The cluster has changed since.", { changes: ["Deployment/engine"] });
    const user = await openPlanned();
    server.graph["deployWorkload"] = { workload: null, errors: [conflict] };
    await user.click(screen.getByRole("button", { name: "Deploy" }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toBe("It was not deployedThe cluster has changed since.Deployment/engine");
    expect(screen.queryByRole("button", { name: "Deploy" })).toBeNull();

    server.graph["planWorkload"] = { plan: plan({ id: "Plan:2" }), errors: [] };
    server.graph["deployWorkload"] = { workload: app(), errors: [] };
    await user.click(screen.getByRole("button", { name: "Plan again" }));
    await user.click(await screen.findByRole("button", { name: "Deploy" }));

    await screen.findByRole("heading", { name: "engine" });
    expect(server.asked("DeployWorkload").at(-1)).toEqual({ input: { planId: "Plan:2" } });
  });

  test("a plan that does not arrive loses nothing that was typed, and can be asked for again", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    server.isReachable = false;
    await review(user);
    expect((await screen.findByRole("alert")).textContent).toContain("The server does not answer");
    expect(valueOf(/^Image/)).toBe(IMAGE);

    server.isReachable = true;
    await user.click(screen.getByRole("button", { name: "Try again" }));

    expect(await screen.findByRole("button", { name: "Deploy" })).toBeDefined();
  });

  test("a deploy that does not arrive can be sent again, with the same plan", async () => {
    const user = await openPlanned();
    server.isReachable = false;
    await user.click(screen.getByRole("button", { name: "Deploy" }));
    expect((await screen.findByRole("alert")).textContent).toContain("The server does not answer");

    server.isReachable = true;
    await user.click(screen.getByRole("button", { name: "Deploy" }));

    expect(await screen.findByRole("heading", { name: "engine" })).toBeDefined();
  });

  test("a cluster that is silent is told in the server's words", async () => {
    server.graph["planWorkload"] = () => {
      throw graphError("UNAVAILABLE", "The cluster does not answer. Try again in a moment.");
    };
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);

    await review(user);

    expect((await screen.findByRole("alert")).textContent).toContain("The cluster does not answer. Try again in a moment.");
  });
});
