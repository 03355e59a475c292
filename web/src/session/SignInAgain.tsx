import { Button, Group, Modal, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";

import { Notice } from "../components/FailureNotice/Notice";
import { logIn, type Problem } from "./api";
import { useSession } from "./session";

/** Stands before a page whose session has ended, and keeps it: what was typed there is still there afterwards. */
export function SignInAgain({ email }: { email: string }) {
  const { refresh, leave } = useSession();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password") as string;
    setBusy(true);
    const refusal = await logIn({ email, password });
    setBusy(false);
    setProblem(refusal);
    if (!refusal) await refresh();
  };
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      overlayProps={{ backgroundOpacity: 0.9, blur: 8 }}
      title="Your session has ended"
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <p>Log in again to go on where you were. Nothing that you typed is lost.</p>
          {problem && <Notice tone="failure" title={problem.message} />}
          <TextInput name="email" type="email" label="E-mail" autoComplete="username" readOnly value={email} />
          <PasswordInput name="password" label="Password" required autoComplete="current-password" data-autofocus />
          <Group justify="space-between">
            <Button variant="default" onClick={leave}>
              Leave
            </Button>
            <Button type="submit" loading={isBusy}>
              Log in
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
