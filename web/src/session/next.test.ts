import { expect, test } from "vitest";

import { nextPage } from "./next";

test("after signing in one comes to the page that the address names, with its query", () => {
  expect(nextPage(new URLSearchParams({ next: "/namespaces/shop?range=6h" }))).toBe("/namespaces/shop?range=6h");
});

test.each(["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "namespaces", "/", ""])(
  "%o leads to the namespaces: only pages of our own are gone to",
  (next) => {
    expect(nextPage(new URLSearchParams({ next }))).toBe("/namespaces");
  },
);

test.each(["/\t/evil.example", "/\n/evil.example"])("%o does not leave the site: browsers drop such characters", (next) => {
  const page = nextPage(new URLSearchParams({ next }));

  expect(new URL(page, "https://moorage.example").origin).toBe("https://moorage.example");
});
