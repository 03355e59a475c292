import { beforeEach, expect, test } from "vitest";

import { keepsHeaders, withoutHeaders } from "./storage";

const SETTING = "graphiql:shouldPersistHeaders";
const EXECUTED = JSON.stringify({ queries: [{ query: "{ a }", variables: '{"headers": 1}', headers: '{"Authorization": "secret"}' }] });

beforeEach(() => sessionStorage.clear());

test.each(["graphiql:queries", "graphiql:favorites"])("Headers are not kept in %s", (key) => {
  withoutHeaders(sessionStorage).setItem(key, EXECUTED);

  expect(JSON.parse(sessionStorage.getItem(key) ?? "")).toEqual({ queries: [{ query: "{ a }", variables: '{"headers": 1}' }] });
});

test("They are kept once the settings say so, and no longer when these take it back", () => {
  const storage = withoutHeaders(sessionStorage);
  const kept = [];

  for (const says of ["true", "false"]) {
    storage.setItem(SETTING, says);
    if (says === "true") storage.setItem("graphiql:queries", EXECUTED);
    kept.push([keepsHeaders(sessionStorage), sessionStorage.getItem("graphiql:queries")?.includes("secret")]);
  }

  expect(kept).toEqual([[true, true], [false, false]]);
});

test("Everything else is kept as it is", () => {
  const storage = withoutHeaders(sessionStorage);

  storage.setItem("graphiql:theme", "dark");

  expect([storage.getItem("graphiql:theme"), storage.length]).toEqual(["dark", 1]);
});
