import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { useCopy } from "./useCopy";

let clipboard: string[];

beforeEach(() => {
  vi.useFakeTimers();
  clipboard = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: (text: string) => Promise.resolve(void clipboard.push(text)) } });
});

/** What is told after copying what `make` gives, and what a while later. */
async function copying(make: () => string): Promise<[string, string]> {
  const { result } = renderHook(useCopy);
  await act(() => result.current.copy(make));
  const { told } = result.current;
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  return [told, result.current.told];
}

test("That it is copied is told, for a moment", async () => {
  const told = await copying(() => "curl");

  expect(told).toEqual([expect.stringMatching(/^Copied/), ""]);
  expect(clipboard).toEqual(["curl"]);
});

test.each([
  ["the browser refuses", { writeText: () => Promise.reject(new DOMException("Denied", "NotAllowedError")) }],
  ["there is no clipboard", undefined],
])("Where %s, it is told that nothing is copied", async (_, refusing) => {
  vi.stubGlobal("navigator", { clipboard: refusing });

  expect((await copying(() => "curl"))[0]).toMatch(/^Not copied: the browser/);
});

test("What cannot be made into a command is told, and not copied", async () => {
  const [told] = await copying(() => JSON.parse("{name}") as string);

  expect(told).toMatch(/^Not copied: the variables/);
  expect(clipboard).toEqual([]);
});

test("Copying again is told anew for its own while", async () => {
  const { result } = renderHook(useCopy);

  for (const command of ["one", "two"]) {
    await act(() => result.current.copy(() => command));
    await act(() => vi.advanceTimersByTimeAsync(4_000));
  }

  expect(result.current.told).toMatch(/^Copied/);
});
