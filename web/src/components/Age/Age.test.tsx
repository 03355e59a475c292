import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { formatMoment } from "../../format/time";
import { Age } from "./Age";

test("an age grows by itself, and tells its moment on hover", () => {
  vi.useFakeTimers({ now: Date.parse("2026-05-04T12:01:00Z") });
  render(<Age of="2026-05-04T12:00:00Z" />);
  expect(screen.getByRole("time").textContent).toBe("1 min. ago");

  act(() => void vi.advanceTimersByTime(60_000));

  expect(screen.getByRole("time").textContent).toBe("2 min. ago");
  expect(screen.getByTitle(formatMoment("2026-05-04T12:00:00Z"))).toBeDefined();
});

test("an age that is shown no more keeps no clock running", () => {
  vi.useFakeTimers();
  const { unmount } = render(<Age of="2026-05-04T12:00:00Z" />);

  unmount();

  expect(vi.getTimerCount()).toBe(0);
});
