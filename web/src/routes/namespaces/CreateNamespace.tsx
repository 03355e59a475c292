import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useMutation } from "urql";

import { Dialog } from "../../components/Dialog/Dialog";
import { FailureNotice } from "../../components/FailureNotice/FailureNotice";
import { graphql } from "../../gql";

const CreateNamespaceMutation = graphql(`
  mutation CreateNamespace($input: CreateNamespaceInput!) {
    createNamespace(input: $input) {
      namespace {
        id
        slug
      }
      errors {
        message
      }
    }
  }
`);

/** Asks for a name and goes to the namespace it makes. Mount it to open it. */
export function CreateNamespace({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [{ data, error, fetching }, create] = useMutation(CreateNamespaceMutation);
  const navigate = useNavigate();
  const submit = async () => {
    const result = await create({ input: { name } });
    const slug = result.data?.createNamespace?.namespace?.slug;
    if (slug) await navigate(`/namespaces/${slug}`);
  };
  return (
    <Dialog title="New namespace" isHeld={fetching} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Yours alone; its name in the cluster adds a few letters to it."
            placeholder="shop"
            autoComplete="off"
            required
            data-autofocus
            value={name}
            error={data?.createNamespace?.errors[0]?.message}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {error && <FailureNotice error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" disabled={fetching} onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching}>
              Create namespace
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
