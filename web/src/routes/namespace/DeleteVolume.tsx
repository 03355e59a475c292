import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "urql";

import { ConfirmByName } from "../../components/ConfirmByName/ConfirmByName";
import { FailureNotice } from "../../components/FailureNotice/FailureNotice";
import { UserErrors } from "../../components/UserErrors/UserErrors";
import { graphql } from "../../gql";

const DeleteVolumeClaim = graphql(`
  mutation DeleteVolumeClaim($input: DeleteVolumeClaimInput!) {
    deleteVolumeClaim(input: $input) {
      deletedId
      errors {
        ...UserErrors_error
      }
    }
  }
`);

export interface DeleteVolumeProps {
  slug: string;
  id: string;
  name: string;
  /** The id of the text that says why the viewer cannot; null where they can. */
  whyNot: string | null;
}

export function DeleteVolume({ slug, id, name, whyNot }: DeleteVolumeProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [{ data, error, fetching }, remove] = useMutation(DeleteVolumeClaim);
  const confirm = async () => {
    const result = await remove({ input: { namespace: slug, id, confirmName: name } });
    if (result.data?.deleteVolumeClaim?.deletedId) close();
  };
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Delete ${name}`}
        disabled={whyNot !== null}
        {...(whyNot !== null && { "aria-describedby": whyNot })}
        onClick={open}
      >
        Delete
      </Button>
      {isOpen && (
        <ConfirmByName
          action="Delete disk"
          name={name}
          isBusy={fetching}
          onConfirm={() => void confirm()}
          onClose={close}
        >
          <p>Its data goes with it. There is no way back.</p>
          {error && <FailureNotice error={error} />}
          <UserErrors errors={data?.deleteVolumeClaim?.errors ?? []} />
        </ConfirmByName>
      )}
    </>
  );
}
