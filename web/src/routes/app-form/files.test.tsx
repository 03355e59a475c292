import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { app, rule, RULES, spec, workloadForm } from "../../test/data";
import { type Server } from "../../test/server";
import { described, fill, IMAGE, openEdit, openNew, review, startServer, type User, valueOf } from "./form.steps";

let server: Server;

beforeEach(() => {
  server = startServer();
});

async function planned(user: User) {
  await review(user);
  await screen.findByRole("list", { name: "Changes" });
  return server.asked("PlanWorkload")[0];
}

async function openFiles(): Promise<User> {
  const user = await openNew();
  await fill(user, /^Image/, IMAGE);
  await user.click(screen.getByRole("button", { name: /^More: files/ }));
  return user;
}

describe("files", () => {
  test("a file is its path and all of what is pasted into it", async () => {
    const user = await openFiles();
    const content = "server {\n\tlisten 8080;\n}\n";

    await user.click(await screen.findByRole("button", { name: "Add file" }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Files 1: path")));
    await user.paste("/etc/nginx/conf.d/web.conf");
    await fill(user, "Files 1: content", content);

    const files = [{ path: "/etc/nginx/conf.d/web.conf", content }];
    expect(await planned(user)).toMatchObject({ input: { workload: { files, secretFiles: [] } } });
  });

  test("a path that is wrong says so beside itself, before anything is sent", async () => {
    server.graph["workloadForm"] = {
      ...workloadForm(),
      rules: [...RULES, rule("files.*.path", { pattern: "/.+", message: "A path begins with a slash." })],
    };
    const user = await openFiles();
    await user.click(await screen.findByRole("button", { name: "Add file" }));

    await fill(user, "Files 1: path", "etc");

    expect(described("Files 1: path")).toContain("A path begins with a slash.");
  });

  test("a row that was just added is not told to be wrong before anything is typed", async () => {
    server.graph["workloadForm"] = {
      ...workloadForm(),
      rules: [...RULES, rule("files.*.path", { required: true, message: "A path begins with a slash." })],
    };
    const user = await openFiles();

    await user.click(await screen.findByRole("button", { name: "Add file" }));

    expect(screen.getByLabelText("Files 1: path").getAttribute("aria-invalid")).not.toBe("true");
  });

  test("a file that is taken away leaves the focus with what adds one", async () => {
    const user = await openFiles();
    await user.click(await screen.findByRole("button", { name: "Add secret file" }));

    await user.click(screen.getByRole("button", { name: "Remove secret file 1" }));

    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Add secret file" })));
  });

  test("a secret file that is there is kept unless it is replaced", async () => {
    server.graph["workload"] = app({
      spec: spec({ files: [{ path: "/etc/a", content: "1" }], secretFiles: [{ path: "/etc/b" }, { path: "/etc/c" }] }),
    });
    const user = await openEdit();
    expect(valueOf("Files 1: content")).toBe("1");

    await user.click(screen.getByRole("button", { name: "Replace Secret files 2: content" }));
    await fill(user, "Secret files 2: content", "n3w");

    const secretFiles = [
      { path: "/etc/b", content: null },
      { path: "/etc/c", content: "n3w" },
    ];
    expect(await planned(user)).toMatchObject({ input: { workload: { secretFiles } } });
  });
});

describe("a private registry", () => {
  test("asks for a user and a password once there is one", async () => {
    const user = await openFiles();
    expect(screen.queryByLabelText(/^User/)).toBeNull();

    await user.click(await screen.findByRole("switch", { name: /private registry/ }));
    await fill(user, /^User/, "ada");
    await fill(user, "Password or token", "s3cret");

    const registryCredentials = { server: null, username: "ada", password: "s3cret" };
    expect(await planned(user)).toMatchObject({ input: { workload: { registryCredentials } } });
  });

  test("keeps the password of the same user, and asks for another one's", async () => {
    server.graph["workload"] = app({ spec: spec({ registryCredentials: { server: null, username: "ada" } }) });
    const user = await openEdit();
    const group = within(screen.getByRole("group", { name: "Private registry" }));
    expect(group.getByText("keeps its value")).toBeDefined();

    await fill(user, /^User/, "grace");

    expect(valueOf("Password or token")).toBe("");
  });
});

describe("resources of its own", () => {
  test("begin as those of the size, and are sent in its place", async () => {
    const user = await openNew();
    await fill(user, /^Image/, IMAGE);
    await user.click(screen.getByRole("radio", { name: /^M/ }));

    await user.click(screen.getByRole("radio", { name: /^Own/ }));
    await fill(user, "Memory at most, MiB", "600");

    const resources = {
      cpuRequestMillicores: 250,
      cpuLimitMillicores: 500,
      memoryRequestMib: 256,
      memoryLimitMib: 600,
    };
    expect(await planned(user)).toMatchObject({ input: { workload: { size: null, resources } } });
  });

  test("are shown against what is left of the quota", async () => {
    const user = await openNew();
    await user.click(screen.getByRole("radio", { name: /^Own/ }));

    await fill(user, "CPU at most, m", "1500");

    expect(screen.getByRole("radio", { name: /^Own/ }).textContent).toContain("room for 2");
  });

  test("give way to a size", async () => {
    server.graph["workload"] = app({
      spec: spec({
        size: null,
        resources: { cpuRequestMillicores: 50, cpuLimitMillicores: 100, memoryRequestMib: 64, memoryLimitMib: 96 },
      }),
    });
    const user = await openEdit();
    expect(valueOf("Memory at most, MiB")).toBe("96");

    await user.click(screen.getByRole("radio", { name: /^L/ }));

    expect(await planned(user)).toMatchObject({ input: { workload: { size: "L", resources: null } } });
  });
});
