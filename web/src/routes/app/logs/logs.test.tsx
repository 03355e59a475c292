import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { ADA, app, connection, logLine, logUpdate, MOMENT, pod } from "../../../test/data";
import { address, visit } from "../../../test/render";
import { Server } from "../../../test/server";

const PAGE = "/namespaces/shop-x1/apps/engine?tab=logs";
const TWO_PODS = [pod(), pod({ id: "Pod:2", name: "engine-2" })];

let server: Server;

beforeEach(() => {
  server = new Server({ workload: app({ pods: connection(TWO_PODS) }) }).start();
  server.user = ADA;
});

async function write(...messages: string[]) {
  await server.publish("logLines", logUpdate(messages.map((message) => logLine(message))));
}

/** The lines that are shown, each as its text. */
function lines(): string[] {
  return [...screen.getByRole("log").querySelectorAll("p:not([class*=sentence])")].map(({ textContent }) => textContent);
}

/** What is subscribed to of logs, over the connection that stands. */
async function followed() {
  return vi.waitFor(() => {
    const logs = server.sockets.latest.subscriptions.filter(({ payload }) => payload.query.includes("logLines("));
    const found = logs.at(-1);
    if (!found) throw new Error("No logs are followed.");
    return found.payload.variables;
  });
}

async function choose(user: ReturnType<typeof visit>, label: string, option: string) {
  await user.click(screen.getByRole("combobox", { name: label }));
  await user.click(await screen.findByRole("option", { name: option }));
}

test("what the pods write is shown as it comes, with when and by which of them", async () => {
  visit(PAGE);
  const other = logLine("two", { podName: "engine-2", at: "2026-05-04T12:00:00.250Z" });

  await server.publish("logLines", logUpdate([logLine("one"), other]));
  await write("three");

  expect(await followed()).toMatchObject({ workload: "Workload:1", pod: null, container: null, last: 100 });
  expect(lines()).toEqual([
    expect.stringMatching(/^\d\d:00:00\.000 engine-1 one$/),
    expect.stringMatching(/^\d\d:00:00\.250 engine-2 two$/),
    expect.stringMatching(/ engine-1 three$/),
  ]);
});

test("a page that nobody looks at goes on", async () => {
  visit(PAGE);
  await write("one");
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  vi.stubGlobal("requestAnimationFrame", () => 0);

  await write("two");

  expect(lines()).toHaveLength(2);
});

describe("a choice", () => {
  test("of a pod follows that one alone, says so in the address, and its lines need no name", async () => {
    const user = visit(PAGE);
    await write("of all");

    await choose(user, "Pod", "engine-2");

    await waitFor(async () => expect(await followed()).toMatchObject({ pod: "engine-2" }));
    expect(address()).toBe(`${PAGE}&pod=engine-2`);
    await server.publish("logLines", logUpdate([logLine("its own", { podName: "engine-2" })]));
    expect(lines()).toEqual([expect.stringMatching(/^[\d:.]+ its own$/)]);
  });

  test("of a container is there where there are several", async () => {
    const sidecar = pod({ containers: [{ name: "app" }, { name: "proxy" }] });
    server.graph["workload"] = app({ pods: connection([sidecar]) });
    const user = visit(PAGE);
    await write("of all");
    expect(lines()).toEqual([expect.stringMatching(/engine-1 app of all$/)]);

    await choose(user, "Container", "proxy");

    await waitFor(async () => expect(await followed()).toMatchObject({ container: "proxy" }));
  });

  test("of a time begins there", async () => {
    visit(`${PAGE}&from=5m`);
    const now = new Date().toISOString();

    await server.publish("logLines", logUpdate([logLine("early", { at: MOMENT }), logLine("late", { at: now })]));

    expect(await followed()).toMatchObject({ last: 1000 });
    expect(lines()).toEqual([expect.stringMatching(/late$/)]);
  });
});

test("while it is paused nothing moves, and what comes is counted and shown afterwards", async () => {
  const user = visit(PAGE);
  await write("one");

  await user.click(screen.getByRole("button", { name: "Pause" }));
  await write("two", "three");
  expect(lines()).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "2 new lines" }));

  expect(lines()).toHaveLength(3);
  expect(screen.getByRole("button", { name: "Pause" })).toBeDefined();
  expect(screen.queryByRole("button", { name: /new line/ })).toBeNull();
});

describe("the end", () => {
  /** Lays the box out: as much of it is above its end as is said. */
  function scrollTo(above: number) {
    const box = screen.getByRole("log");
    Object.defineProperties(box, { scrollHeight: { value: 1_000, configurable: true }, clientHeight: { value: 100 } });
    box.scrollTop = 900 - above;
    fireEvent.scroll(box);
    return box;
  }

  test("stays in sight while lines come", async () => {
    visit(PAGE);
    await write("one");
    const box = scrollTo(0);
    Object.defineProperty(box, "scrollHeight", { value: 1_020, configurable: true });

    await write("two");

    expect(box.scrollTop).toBe(1_020);
  });

  test("is left by scrolling up: what is read stays where it is, and what comes is counted", async () => {
    const user = visit(PAGE);
    await write("one");
    scrollTo(0);
    const box = scrollTo(400);

    await write("two");
    expect(box.scrollTop).toBe(500);
    expect(lines()).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "1 new line" }));

    expect(box.scrollTop).toBe(1_000);
  });

  test("is followed again by who scrolls back to it", async () => {
    visit(PAGE);
    await write("one");
    scrollTo(0);
    scrollTo(400);
    expect(screen.getByRole("button", { name: "To the end" })).toBeDefined();

    scrollTo(0);

    expect(screen.queryByRole("button", { name: "To the end" })).toBeNull();
  });
});

describe("a search", () => {
  test("shows the lines that have the text, and counts them", async () => {
    const user = visit(PAGE);
    await write("GET /login", "POST /login", "GET /items");

    await user.type(screen.getByRole("searchbox", { name: "Search the lines" }), "get");

    expect(lines()).toEqual([expect.stringMatching(/GET \/login$/), expect.stringMatching(/GET \/items$/)]);
    expect(screen.getAllByText("GET", { selector: "mark" })).toHaveLength(2);
    expect(screen.getByText("2 of 3 lines")).toBeDefined();
  });

  test("that finds nothing says so, and is cleared", async () => {
    const user = visit(PAGE);
    await write("GET /login");
    await user.type(screen.getByRole("searchbox"), "PUT");

    await user.click(await screen.findByRole("button", { name: "Clear the search" }));

    expect(lines()).toHaveLength(1);
  });

  test("is reached with a slash, and left with escape", async () => {
    const user = visit(PAGE);
    await write("one");

    await user.keyboard("/");
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
    await user.keyboard("x/{Escape}");

    expect(screen.getByRole("searchbox")).toHaveProperty("value", "");
  });
});

test("the times are left out for who does not want them", async () => {
  const user = visit(PAGE);
  await write("one");

  await user.click(screen.getByRole("switch", { name: "Times" }));

  expect(lines()).toEqual(["engine-1 one"]);
});

test("it is said that earlier lines are kept no longer", async () => {
  visit(PAGE);
  await screen.findByRole("log");

  await write(...Array.from({ length: 5_100 }, (_, index) => `line ${index}`));

  expect(screen.getByText("Only the latest 5,000 are kept here.")).toBeDefined();
  expect(lines().at(0)).toMatch(/line 100$/);
  expect(lines().at(-1)).toMatch(/line 5099$/);
});

test("a connection that comes back goes on behind the last line, and says meanwhile that it is lost", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  visit(PAGE);
  await write("one", "two");
  const log = within(screen.getByRole("region", { name: "Logs" }));
  expect(log.getByRole("status").textContent).toBe("Live");

  act(() => {
    server.sockets.latest.drop(1006);
  });
  expect(log.getByRole("status").textContent).toBe("Reconnecting…");
  await act(() => vi.advanceTimersByTimeAsync(8_000));
  await write("three");

  expect(await followed()).toMatchObject({ after: "after two" });
  expect(lines()).toHaveLength(3);
  expect(log.getByRole("status").textContent).toBe("Live");
});

describe("where there is nothing to show", () => {
  test("an app without pods is said to have none", async () => {
    server.graph["workload"] = app();
    visit(PAGE);

    expect(await screen.findByText(/^No pod is there/)).toBeDefined();
  });

  test("pods that have written nothing are said so", async () => {
    visit(PAGE);

    expect(await screen.findByText(/^Nothing has been written yet/)).toBeDefined();
  });

  test("a pod that is gone leads to all pods", async () => {
    const user = visit(`${PAGE}&pod=engine-9`);
    await server.refuse("logLines", "NOT_FOUND");

    await user.click(await screen.findByRole("button", { name: "Show all pods" }));

    await waitFor(async () => expect(await followed()).toMatchObject({ pod: null }));
  });

  test("a stream that is refused says why, and is tried again when it is asked to", async () => {
    const user = visit(PAGE);
    await write("one");
    await server.refuse("logLines", "NOT_FOUND");
    expect((await screen.findByRole("alert")).textContent).toContain("So says the server.");
    expect(lines()).toHaveLength(1);

    await user.click(screen.getByRole("button", { name: "Try again" }));
    await write("one");

    expect(screen.queryByRole("alert")).toBeNull();
  });
});

test("a pod that has ended says so behind its last line", async () => {
  visit(`${PAGE}&pod=engine-1`);
  await write("the last");

  await server.publish("logLines", logUpdate([], { kind: "POD_ENDED", podName: "engine-1", podEndReason: "SUCCEEDED" }));
  await server.publish("logLines", logUpdate([], { kind: "ENDED", endReason: "POD_ENDED" }));

  expect(lines()).toEqual([expect.stringMatching(/the last$/), "engine-1 ran to its end"]);
  expect(within(screen.getByRole("region", { name: "Logs" })).getByRole("status").textContent).toBe("Ended");
});

describe("the run before", () => {
  const CRASHED = [pod(), pod({ id: "Pod:2", name: "engine-2", restarts: 4 })];

  test("is that of the pod that was started again", async () => {
    server.graph["workload"] = app({ pods: connection(CRASHED) });
    const logs = vi.fn<(asked: object) => object>(() => connection([logLine("Traceback"), logLine("KeyError")]));
    server.graph["node"] = { __typename: "Pod", ...CRASHED[1], logs };
    const user = visit(PAGE);
    await write("present");

    await user.click(screen.getByRole("radio", { name: "Run before" }));

    await screen.findByText("KeyError");
    expect(lines()).toEqual([expect.stringMatching(/Traceback$/), expect.stringMatching(/KeyError$/)]);
    expect(server.asked("PreviousLogs")).toEqual([{ pod: "Pod:2", container: null }]);
    expect(logs.mock.calls.map(([asked]) => asked)).toMatchObject([{ previous: true, last: 100 }]);
    expect(address()).toBe(`${PAGE}&run=previous`);
  });

  test("is said not to be there where nothing was started again", async () => {
    visit(`${PAGE}&run=previous`);

    expect(await screen.findByText(/there is no run before this one/)).toBeDefined();
  });

  test("that cannot be read is no empty log", async () => {
    server.graph["workload"] = app({ pods: connection(CRASHED) });
    server.graph["node"] = { __typename: "Pod", ...CRASHED[1], logs: null };

    visit(`${PAGE}&run=previous`);

    expect(await screen.findByText(/^The log of the run before cannot be read/)).toBeDefined();
  });
});
