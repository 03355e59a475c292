import { screen } from "@testing-library/react";
import { CombinedError } from "urql";
import { expect, test, vi } from "vitest";

import { show } from "../../test/render";
import { FailureNotice } from "./FailureNotice";

function failure(code: string) {
  return new CombinedError({ graphQLErrors: [{ message: "So says the server.", extensions: { code } }] });
}

test.each([
  ["UNAUTHENTICATED", "You are signed out"],
  ["FORBIDDEN", "That is not yours to see"],
  ["NOT_FOUND", "There is nothing here"],
  ["UNAVAILABLE", "A part of the platform does not answer"],
  ["RATE_LIMITED", "Too many requests"],
  ["INTERNAL_SERVER_ERROR", "Something went wrong"],
])("%s is read out as: %s", (code, title) => {
  show(<FailureNotice error={failure(code)} />);

  expect(screen.getByRole("alert").textContent).toContain(`${title}So says the server.`);
});

test("the way out is to try again", async () => {
  const onRetry = vi.fn();
  const user = show(<FailureNotice error={failure("UNAVAILABLE")} onRetry={onRetry} />);

  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect(onRetry).toHaveBeenCalledOnce();
});

test("the way out for somebody who is signed out is to log in: trying again is no use", () => {
  show(<FailureNotice error={failure("UNAUTHENTICATED")} onRetry={() => undefined} />);

  expect(screen.getByRole("link", { name: "Log in" }).getAttribute("href")).toBe("/login");
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

test("a part that could not be loaded takes a reload: the router and React remember that it failed", () => {
  show(<FailureNotice error={new TypeError("Failed to fetch")} onRetry={() => undefined} />);

  expect(screen.getByRole("button", { name: "Reload the page" })).toBeDefined();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});
