import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

// The first page of a file loads its part of the app, and two cores may be busy with other files.
configure({ asyncUtilTimeout: 10_000 });

/** What browsers have and jsdom leaves out. */
beforeEach(() => {
  vi.stubGlobal("ResizeObserver", UnseenResizeObserver);
  vi.stubGlobal("matchMedia", (media: string) => Object.assign(new EventTarget(), { media, matches: false }));
  Element.prototype.scrollIntoView = () => undefined;
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  window.localStorage.clear();
  window.history.replaceState(null, "", "/");
});

/** Nothing is laid out here, so nothing ever changes its size. */
class UnseenResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
