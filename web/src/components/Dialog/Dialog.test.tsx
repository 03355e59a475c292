import { screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";

import { show } from "../../test/render";
import { Dialog } from "./Dialog";

function showDialog(isHeld: boolean) {
  const onClose = vi.fn();
  const user = show(
    <Dialog title="Scale engine" isHeld={isHeld} onClose={onClose}>
      <button type="button">Scale</button>
    </Dialog>,
  );
  return { user, onClose };
}

test("Esc closes it", async () => {
  const { user, onClose } = showDialog(false);
  await user.click(screen.getByRole("button", { name: "Scale" }));

  await user.keyboard("{Escape}");

  expect(onClose).toHaveBeenCalledOnce();
});

test("while it is held, nothing closes it", async () => {
  const { user, onClose } = showDialog(true);
  await user.click(screen.getByRole("button", { name: "Scale" }));

  await user.keyboard("{Escape}");

  expect(onClose).not.toHaveBeenCalled();
  expect(screen.getAllByRole("button")).toHaveLength(1);
});

function Opener() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      {isOpen && (
        <Dialog title="Scale engine" onClose={() => setOpen(false)}>
          <button type="button">Scale</button>
        </Dialog>
      )}
    </>
  );
}

test("once it is closed, the focus is back at what opened it", async () => {
  const user = show(<Opener />);
  await user.click(screen.getByRole("button", { name: "Open" }));
  await user.click(await screen.findByRole("button", { name: "Scale" }));

  await user.keyboard("{Escape}");

  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Open" })));
});
