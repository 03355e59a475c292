import { expect, test, vi } from "vitest";

import { requestHeaders } from "./csrf";

test("the token of the session's cookie goes with each request", () => {
  vi.spyOn(document, "cookie", "get").mockReturnValue("theme=dark; __Host-moorage-csrf=t0ken=; other=1");

  expect(requestHeaders()).toEqual({ "Content-Type": "application/json", "X-CSRF-Token": "t0ken=" });
});

test("nobody's request carries no token", () => {
  vi.spyOn(document, "cookie", "get").mockReturnValue("not__Host-moorage-csrf=1");

  expect(requestHeaders()).toEqual({ "Content-Type": "application/json" });
});
