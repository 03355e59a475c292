import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { show } from "../../test/render";
import { ConfirmByName } from "./ConfirmByName";

function open(isBusy = false) {
  const onConfirm = vi.fn();
  const onClose = vi.fn();
  const user = show(
    <ConfirmByName action="Delete app" name="engine" isBusy={isBusy} onConfirm={onConfirm} onClose={onClose}>
      <p>There is no way back.</p>
    </ConfirmByName>,
  );
  return { user, onConfirm, onClose };
}

const deleteButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Delete app" });
const nameInput = () => screen.getByLabelText("Type engine to confirm");

test("the dialog says what it is about, and asks for the name first", async () => {
  open();

  expect(screen.getByRole("dialog", { name: "Delete app engine?" }).textContent).toContain("There is no way back.");
  await waitFor(() => expect(document.activeElement?.id).toBe(nameInput().id));
});

test("the button works once the name is typed, and not before", async () => {
  const { user, onConfirm } = open();

  await user.type(nameInput(), "engin");
  expect(deleteButton().disabled).toBe(true);
  await user.type(nameInput(), "e");
  await user.click(deleteButton());

  expect(onConfirm).toHaveBeenCalledOnce();
});

test("Enter does no more than the button would", async () => {
  const { user, onConfirm } = open();

  await user.type(nameInput(), "Engine{Enter}");
  expect(onConfirm).not.toHaveBeenCalled();
  await user.clear(nameInput());
  await user.type(nameInput(), "engine{Enter}");

  expect(onConfirm).toHaveBeenCalledOnce();
});

test.each(["Escape", "the button to keep it"])("%s closes it, and nothing is done", async (way) => {
  const { user, onConfirm, onClose } = open();
  await user.type(nameInput(), "engine");

  if (way === "Escape") await user.keyboard("{Escape}");
  else await user.click(screen.getByRole("button", { name: "Keep it" }));

  expect(onClose).toHaveBeenCalledOnce();
  expect(onConfirm).not.toHaveBeenCalled();
});

test("while it is being done, it can neither be closed nor done once more", async () => {
  const { user, onConfirm, onClose } = open(true);

  await user.type(nameInput(), "engine{Enter}{Escape}");
  await user.click(screen.getByRole("button", { name: "Keep it" }));

  expect(onClose).not.toHaveBeenCalled();
  expect(onConfirm).not.toHaveBeenCalled();
});
