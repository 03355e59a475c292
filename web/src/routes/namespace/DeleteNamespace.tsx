import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "react-router";
import { useMutation } from "urql";

import { ConfirmByName } from "../../components/ConfirmByName/ConfirmByName";
import { FailureNotice } from "../../components/FailureNotice/FailureNotice";
import { UserErrors } from "../../components/UserErrors/UserErrors";
import { graphql } from "../../gql";

const DeleteNamespaceMutation = graphql(`
  mutation DeleteNamespace($input: DeleteNamespaceInput!) {
    deleteNamespace(input: $input) {
      deletedId
      errors {
        ...UserErrors_error
      }
    }
  }
`);

export function DeleteNamespace({ slug, name }: { slug: string; name: string }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [{ data, error, fetching }, remove] = useMutation(DeleteNamespaceMutation);
  const navigate = useNavigate();
  const confirm = async () => {
    const result = await remove({ input: { slug } });
    if (result.data?.deleteNamespace?.deletedId) await navigate("/namespaces");
  };
  return (
    <>
      <Button variant="default" onClick={open}>
        Delete
      </Button>
      {isOpen && (
        <ConfirmByName
          action="Delete namespace"
          name={name}
          isBusy={fetching}
          onConfirm={() => void confirm()}
          onClose={close}
        >
          <p>Every app in it is deleted with it, and its secrets and volumes too. There is no way back.</p>
          {error && <FailureNotice error={error} />}
          <UserErrors errors={data?.deleteNamespace?.errors ?? []} />
        </ConfirmByName>
      )}
    </>
  );
}
