import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";

import { app, connection, MIB, namespace, quota, spec } from "../../test/data";
import { address, visit } from "../../test/render";
import { type Server } from "../../test/server";
import { described, fill, IMAGE, openEdit, openNew, review, startServer, valueOf } from "./form.steps";

let server: Server;

beforeEach(() => {
  server = startServer();
});

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

    const sizes = screen.getByRole("radiogroup", { name: "Size of each pod" });
    const rooms = within(sizes).getAllByRole("radio").map((each) => each.textContent);

    expect(screen.getByRole("radio", { name: /^S.*core.*MiB.*room for 4$/ })).toBeDefined();
    expect(rooms.map((text) => text.replace(/^.*MiB|^.*GiB/, ""))).toEqual([
      "room for 4",
      "room for 2",
      "room for 1",
      "does not fit",
      "OwnCPU and memoryin numbers",
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
