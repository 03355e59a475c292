import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { Dialog } from "../Dialog/Dialog";

export interface ConfirmByNameProps {
  /** As in "Delete app": the dialog's title and its button. */
  action: string;
  name: string;
  isBusy: boolean;
  onConfirm: () => void;
  onClose: () => void;
  /** What will be lost, and what went wrong. */
  children: ReactNode;
}

/** A dialog for what cannot be undone, or not for long: the button works once the name is typed. Mount it to open it. */
export function ConfirmByName({ action, name, isBusy, onConfirm, onClose, children }: ConfirmByNameProps) {
  const [typed, setTyped] = useState("");
  return (
    <Dialog title={`${action} ${name}?`} isHeld={isBusy} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === name) onConfirm();
        }}
      >
        <Stack gap="md">
          {children}
          <TextInput
            label={`Type ${name} to confirm`}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" disabled={isBusy} onClick={onClose}>
              Keep it
            </Button>
            <Button type="submit" color="red" disabled={typed !== name} loading={isBusy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
