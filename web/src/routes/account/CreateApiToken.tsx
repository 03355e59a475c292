import { Button, Checkbox, CopyButton, Group, Select, Stack, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useMutation } from "urql";

import { Dialog } from "../../components/Dialog/Dialog";
import { FailureNotice } from "../../components/FailureNotice/FailureNotice";
import { Icon } from "../../components/Icon/Icon";
import { UserErrors } from "../../components/UserErrors/UserErrors";
import { graphql } from "../../gql";
import type { TokenScope } from "../../gql/graphql";
import classes from "./AccountPage.module.css";

const CreateApiTokenMutation = graphql(`
  mutation CreateApiToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      apiToken {
        id
      }
      secret
      errors {
        ...UserErrors_error
      }
    }
  }
`);

const SCOPES: Record<TokenScope, string> = {
  READ: "Read everything that you can see",
  WRITE: "Deploy, change and delete",
  ADMIN: "Administer the platform",
};
const LIFETIMES = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "a year" },
];

export interface CreateApiTokenProps {
  isAdministrator: boolean;
  onClose: () => void;
}

/** Asks what the token may do, then shows it: this once. */
export function CreateApiToken({ isAdministrator, onClose }: CreateApiTokenProps) {
  const [{ data, error, fetching }, create] = useMutation(CreateApiTokenMutation);
  const secret = data?.createApiToken?.secret;
  return (
    <Dialog title={secret ? "Your new token" : "New API token"} isHeld={fetching || Boolean(secret)} onClose={onClose}>
      {secret ? (
        <NewSecret secret={secret} onClose={onClose} />
      ) : (
        <TokenForm
          isAdministrator={isAdministrator}
          isBusy={fetching}
          onSubmit={(name, scopes, expiresInDays) => void create({ input: { name, scopes, expiresInDays } })}
        >
          {error && <FailureNotice error={error} />}
          <UserErrors errors={data?.createApiToken?.errors ?? []} />
        </TokenForm>
      )}
    </Dialog>
  );
}

interface TokenFormProps {
  isAdministrator: boolean;
  isBusy: boolean;
  onSubmit: (name: string, scopes: TokenScope[], expiresInDays: number) => void;
  children: ReactNode;
}

function TokenForm({ isAdministrator, isBusy, onSubmit, children }: TokenFormProps) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<TokenScope[]>(["READ"]);
  const [days, setDays] = useState("90");
  const offered = (Object.keys(SCOPES) as TokenScope[]).filter((scope) => scope !== "ADMIN" || isAdministrator);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(name, scopes, Number(days));
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          description="What will use it"
          placeholder="deploy from CI"
          required
          data-autofocus
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label="It may" value={scopes} onChange={(chosen) => setScopes(chosen)}>
          <Stack gap="xs" pt="xs">
            {offered.map((scope) => (
              <Checkbox key={scope} value={scope} label={SCOPES[scope]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select label="Expires after" data={LIFETIMES} value={days} allowDeselect={false} onChange={(value) => setDays(value ?? "90")} />
        {children}
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy} disabled={scopes.length === 0}>
            Create token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function NewSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Stack gap="md">
      <p>Copy it now: it is not kept, and nobody can show it again.</p>
      <code className={classes.secret} aria-label="API token">
        {secret}
      </code>
      <Group justify="flex-end" gap="xs">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={<Icon name={copied ? "check" : "copy"} />} onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
