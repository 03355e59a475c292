import { execFileSync } from "node:child_process";

import { expect, test } from "vitest";

import { curlCommand } from "./curl";

const ADDRESS = "https://apps.example.com/graphql";
const EDITORS = { query: "{ viewer { id } }", operationName: undefined, variables: "", headers: "" };

/** What a shell makes of the command: its words. */
function words(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync("/bin/sh", ["-c", script], { env: { MOORAGE_TOKEN: "mrg_x" } }).toString().split("\0").slice(0, -1);
}

test("A shell is given the request as it would be sent, the token from a variable", () => {
  const command = curlCommand(ADDRESS, { ...EDITORS, variables: '{"name": "web"}' });

  expect(words(command)).toEqual([
    ADDRESS,
    "--header", "Authorization: Bearer mrg_x",
    "--header", "Content-Type: application/json",
    "--data-raw", '{"query":"{ viewer { id } }","variables":{"name":"web"}}',
  ]);
});

test("Nothing of the text is a shell's to act on", () => {
  const query = "{ node(id: \"$(id) `id` ' \\\\ !\") { id } }\n# it's";

  const sent = words(curlCommand(ADDRESS, { ...EDITORS, query })).at(-1) ?? "";

  expect(JSON.parse(sent)).toEqual({ query });
});

test("Credentials that are typed stay here; other headers go along", () => {
  const headers = '{"authorization": "Bearer mrg_secret", "Cookie": "a=secret", "X-CSRF-Token": "secret", "X-Trace": "1"}';

  const command = curlCommand(ADDRESS, { ...EDITORS, headers });

  expect(command).not.toContain("secret");
  expect(words(command)).toContain("X-Trace: 1");
});

test("A subscription is asked for as a stream of events, the chosen one of several operations", () => {
  const query = "query A { a } subscription B { b }";

  const [asQuery, asStream] = ["A", "B"].map((operationName) => words(curlCommand(ADDRESS, { ...EDITORS, query, operationName })));

  expect(asQuery).not.toContain("Accept: text/event-stream");
  expect(asStream).toEqual(expect.arrayContaining(["--no-buffer", "Accept: text/event-stream"]));
});

test("Variables that are no JSON are said, and not sent", () => {
  expect(() => curlCommand(ADDRESS, { ...EDITORS, variables: "{name}" })).toThrow(SyntaxError);
});
