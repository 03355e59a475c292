import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { CombinedError } from "urql";

import { Dialog } from "../../../components/Dialog/Dialog";
import { FailureNotice } from "../../../components/FailureNotice/FailureNotice";
import { UserErrors, type UserErrorsProps } from "../../../components/UserErrors/UserErrors";

/** What every dialog about an app is given. */
export interface DialogProps {
  slug: string;
  name: string;
  onClose: () => void;
}

export interface ActionDialogProps {
  title: string;
  /** What the button says. */
  action: string;
  isBusy: boolean;
  isReady?: boolean;
  error: CombinedError | undefined;
  errors: UserErrorsProps["errors"];
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A question with one answer that does something, and what came of it where that was nothing. */
export function ActionDialog(props: ActionDialogProps) {
  const { title, action, isBusy, isReady = true, error, errors, onConfirm, onClose, children } = props;
  return (
    <Dialog title={title} isHeld={isBusy} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onConfirm();
        }}
      >
        <Stack gap="md">
          {children}
          {error && <FailureNotice error={error} />}
          <UserErrors errors={errors} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" disabled={isBusy} onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={!isReady}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
