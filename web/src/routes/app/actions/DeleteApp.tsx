import { useNavigate } from "react-router";
import { useMutation } from "urql";

import { ConfirmByName } from "../../../components/ConfirmByName/ConfirmByName";
import { FailureNotice } from "../../../components/FailureNotice/FailureNotice";
import { UserErrors } from "../../../components/UserErrors/UserErrors";
import { graphql } from "../../../gql";
import { deletedState } from "../../namespace/deleted";
import type { DialogProps } from "./ActionDialog";

const DeleteWorkload = graphql(`
  mutation DeleteWorkload($input: DeleteWorkloadInput!) {
    deleteWorkload(input: $input) {
      deletedId
      errors {
        ...UserErrors_error
      }
    }
  }
`);

export function DeleteApp({ slug, name, onClose }: DialogProps) {
  const [{ data, error, fetching }, remove] = useMutation(DeleteWorkload);
  const navigate = useNavigate();
  const confirm = async () => {
    const result = await remove({ input: { namespace: slug, name } });
    const { deletedId } = result.data?.deleteWorkload ?? {};
    if (deletedId) await navigate(`/namespaces/${slug}`, { state: deletedState(deletedId) });
  };
  return (
    <ConfirmByName
      action="Delete app"
      name={name}
      isBusy={fetching}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>
        Its pods stop, and what made them goes with it. For 24 hours it can be brought back as it was, with its secrets;
        after that there is no way back. Volumes stay in the namespace, with their data, until they are deleted in its
        settings.
      </p>
      {error && <FailureNotice error={error} />}
      <UserErrors errors={data?.deleteWorkload?.errors ?? []} />
    </ConfirmByName>
  );
}
