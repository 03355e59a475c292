import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "urql";

import { Age } from "../../components/Age/Age";
import { ConfirmByName } from "../../components/ConfirmByName/ConfirmByName";
import { Cell } from "../../components/DataTable/DataTable";
import { FailureNotice } from "../../components/FailureNotice/FailureNotice";
import { UserErrors } from "../../components/UserErrors/UserErrors";
import { word } from "../../format/words";
import { graphql, readFragment, type FragmentType } from "../../gql";

const TokenRowFragment = graphql(`
  fragment TokenRow_token on ApiToken {
    id
    name
    prefix
    scopes
    expiresAt
    lastUsedAt
  }
`);

const RevokeApiToken = graphql(`
  mutation RevokeApiToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) {
      apiToken {
        id
      }
      errors {
        ...UserErrors_error
      }
    }
  }
`);

export function TokenRow({ token: shown }: { token: FragmentType<typeof TokenRowFragment> }) {
  const token = readFragment(TokenRowFragment, shown);
  const [isRevoking, { open, close }] = useDisclosure(false);
  const [{ data, error, fetching }, revoke] = useMutation(RevokeApiToken);
  return (
    <tr>
      <Cell isProse>{token.name}</Cell>
      <Cell isExtra>
        <span className="mono">{token.prefix}…</span>
      </Cell>
      <Cell isExtra>{token.scopes.map(word).join(", ")}</Cell>
      <Cell isExtra>{token.lastUsedAt ? <Age of={token.lastUsedAt} /> : "never"}</Cell>
      <Cell>
        <Age of={token.expiresAt} />
      </Cell>
      <Cell isNumber>
        <Button size="compact-sm" variant="default" aria-label={`Revoke ${token.name}`} onClick={open}>
          Revoke
        </Button>
        {isRevoking && (
          <ConfirmByName
            action="Revoke token"
            name={token.name}
            isBusy={fetching}
            onConfirm={() => void revoke({ input: { id: token.id } })}
            onClose={close}
          >
            <p>Whatever uses it is shut out at once.</p>
            {error && <FailureNotice error={error} />}
            <UserErrors errors={data?.revokeApiToken?.errors ?? []} />
          </ConfirmByName>
        )}
      </Cell>
    </tr>
  );
}
