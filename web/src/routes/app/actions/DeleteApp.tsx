import { useNavigate } from "react-router";
import { useMutation } from "urql";

import { ConfirmByName } from "../../../components/ConfirmByName/ConfirmByName";
import { FailureNotice } from "../../../components/FailureNotice/FailureNotice";
import { UserErrors } from "../../../components/UserErrors/UserErrors";
import { graphql } from "../../../gql";
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
    if (result.data?.deleteWorkload.deletedId) await navigate(`/namespaces/${slug}`);
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
        Its pods stop, and what made them goes with it, its secrets too. There is no way back. The disks of a stateful
        service stay in the namespace, with its data.
      </p>
      {error && <FailureNotice error={error} />}
      <UserErrors errors={data?.deleteWorkload.errors ?? []} />
    </ConfirmByName>
  );
}
