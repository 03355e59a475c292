import { CombinedError } from "urql";
import { expect, test } from "vitest";

import { failureOf } from "./errors";

function graphError(message: string, extensions: Record<string, unknown>) {
  return new CombinedError({ graphQLErrors: [{ message, extensions }] });
}

test("a failure is titled by its code and told in the server's words", () => {
  expect(failureOf(graphError("The cluster is silent.", { code: "UNAVAILABLE" }))).toEqual({
    code: "UNAVAILABLE",
    title: "A part of the platform does not answer",
    message: "The cluster is silent.",
  });
});

test("a code that nobody foresaw is still told", () => {
  expect(failureOf(graphError("It is too much.", { code: "TOO_COMPLEX" }))).toEqual({
    code: "TOO_COMPLEX",
    title: "Something went wrong",
    message: "It is too much.",
  });
});

test("an error without a code is unknown", () => {
  expect(failureOf(graphError("Oh.", {})).code).toBe("UNKNOWN");
});

test("a request that did not arrive says so, and not why the browser thinks so", () => {
  const failure = failureOf(new CombinedError({ networkError: new TypeError("Failed to fetch") }));

  expect(failure.code).toBe("OFFLINE");
  expect(failure.title).toBe("The server does not answer");
  expect(failure.message).not.toContain("fetch");
});

test("a fault of the page itself is told as one, and not in the browser's words", () => {
  expect(failureOf(new TypeError("Failed to fetch dynamically imported module"))).toEqual({
    code: "BROKEN",
    title: "This page broke",
    message: "Reload it. If that does not help, tell your administrator.",
  });
});
