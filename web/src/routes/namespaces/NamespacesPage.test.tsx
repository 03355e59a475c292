import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { ADA, app, cells, connection, namespace, rollout, userError } from "../../test/data";
import { address, visit } from "../../test/render";
import { Server } from "../../test/server";

function open(...namespaces: Record<string, unknown>[]) {
  const server = new Server({ namespaces: connection(namespaces), namespace: namespace() }).start();
  server.user = ADA;
  return { server, user: visit("/namespaces") };
}

test("somebody without a namespace is told what one is, and offered the first", async () => {
  const { user } = open();
  expect(await screen.findByText(/^A namespace holds your apps/)).toBeDefined();

  await user.click(screen.getByRole("button", { name: "New namespace" }));

  expect(await screen.findByRole("dialog", { name: "New namespace" })).toBeDefined();
});

test("a namespace is shown with its apps, and which of them move", async () => {
  const moving = app({ rollout: rollout({ cells: cells("READY", "STARTING") }) });
  open(namespace({ workloads: connection([moving]) }));

  const card = within(await screen.findByRole("link", { name: /^Shop/ }));

  expect(card.getByText("1 app")).toBeDefined();
  expect(card.getByRole("img", { name: "Pods of revision 1: 1 starting, 1 ready" })).toBeDefined();
});

test("a namespace that is being deleted says so", async () => {
  open(namespace({ phase: "TERMINATING" }));

  expect(within(await screen.findByRole("link", { name: /^Shop/ })).getByText("terminating")).toBeDefined();
});

test("a new namespace opens as soon as it is made", async () => {
  const { server, user } = open();
  server.graph["createNamespace"] = { namespace: namespace(), errors: [] };
  await user.click(await screen.findByRole("button", { name: "New namespace" }));

  await user.type(await screen.findByLabelText(/^Name/), "Shop{Enter}");

  expect(await screen.findByRole("heading", { name: "Shop" })).toBeDefined();
  expect(address()).toBe("/namespaces/shop-x1");
  expect(server.asked("CreateNamespace")).toEqual([{ input: { name: "Shop" } }]);
});

test("a name that is taken is refused beside its field", async () => {
  const { server, user } = open();
  server.graph["createNamespace"] = { namespace: null, errors: [userError("NameTakenError", "You have a Shop already.")] };
  await user.click(await screen.findByRole("button", { name: "New namespace" }));

  await user.type(await screen.findByLabelText(/^Name/), "Shop{Enter}");

  const message = await screen.findByText("You have a Shop already.");
  expect(screen.getByLabelText(/^Name/).getAttribute("aria-describedby")).toContain(message.id);
});

test("a namespace that is gone goes from the page by itself", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const { server } = open(namespace({ phase: "TERMINATING" }));
  await screen.findByRole("link", { name: /^Shop/ });

  server.graph["namespaces"] = connection([]);
  await act(() => vi.advanceTimersByTimeAsync(10_000));

  expect(await screen.findByText(/^A namespace holds your apps/)).toBeDefined();
});

test("more namespaces than a page has are a page further", async () => {
  const server = new Server().start();
  server.user = ADA;
  server.graph["namespaces"] = ({ after }: { after: string | null }) => ({
    ...connection([namespace(after ? { id: "Namespace:2", name: "Yard" } : {})], { hasNextPage: !after, endCursor: "1" }),
    totalCount: 2,
  });
  const user = visit("/namespaces");

  await user.click(await screen.findByRole("button", { name: "Next page" }));

  expect(await screen.findByRole("link", { name: /^Yard/ })).toBeDefined();
});

test("a page whose namespaces are all gone still leads back to those that are not", async () => {
  const server = new Server().start();
  server.user = ADA;
  server.graph["namespaces"] = ({ after }: { after: string | null }) => ({
    ...connection(after ? [] : [namespace()], { hasNextPage: !after, endCursor: "1" }),
    totalCount: 1,
  });
  const user = visit("/namespaces");
  await user.click(await screen.findByRole("button", { name: "Next page" }));
  await waitFor(() => expect(screen.queryByRole("link", { name: /^Shop/ })).toBeNull());

  await user.click(await screen.findByRole("button", { name: "Previous page" }));

  expect(await screen.findByRole("link", { name: /^Shop/ })).toBeDefined();
});
