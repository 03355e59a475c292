import { MantineProvider } from "@mantine/core";
import { render, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, test } from "vitest";

import { RangeControl } from "./RangeControl";

test("another range is shown where the reader is, in place of the one before", async () => {
  const router = createMemoryRouter([{ path: "/", element: <RangeControl /> }]);
  render(<RouterProvider router={router} />, { wrapper: MantineProvider });

  await userEvent.click(screen.getByRole("radio", { name: "6h" }));

  await waitFor(() => expect(router.state.location.search).toBe("?range=6h"));
  expect(router.state.historyAction).toBe("REPLACE");
  expect(router.state.preventScrollReset).toBe(true);
});
