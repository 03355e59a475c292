import { Anchor, Button, Group, Paper, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useMutation, useQuery } from "urql";

import { QueryError } from "../components/Notices";
import { graphql } from "../gql";

const NamespacesQuery = graphql(`
  query Namespaces {
    namespaces(first: 100) {
      edges {
        node {
          id
          name
          slug
          phase
          workloads(first: 1) {
            totalCount
          }
        }
      }
    }
  }
`);

const CreateNamespace = graphql(`
  mutation CreateNamespace($input: CreateNamespaceInput!) {
    createNamespace(input: $input) {
      namespace {
        slug
      }
      errors {
        message
      }
    }
  }
`);

export function Namespaces() {
  const [{ data, error, fetching }] = useQuery({ query: NamespacesQuery });
  return (
    <Stack>
      <Title order={1}>Namespaces</Title>
      {error && <QueryError error={error} />}
      {fetching && <Skeleton h={72} />}
      {data?.namespaces.edges.length === 0 && (
        <Paper withBorder p="xl"><Text>You have no namespace yet. A namespace holds your apps, and nobody else sees into it.</Text></Paper>
      )}
      {data?.namespaces.edges.map(({ node }) => (
        <Paper key={node.id} withBorder p="md">
          <Group justify="space-between">
            <div>
              <Anchor component={Link} to={`/namespaces/${node.slug}`} fw={600}>{node.name}</Anchor>
              <Text className="mono" c="dimmed">{node.slug}</Text>
            </div>
            <Text size="sm">{node.phase === "ACTIVE" ? `${node.workloads.totalCount} apps` : node.phase.toLowerCase()}</Text>
          </Group>
        </Paper>
      ))}
      <NewNamespace />
    </Stack>
  );
}

function NewNamespace() {
  const navigate = useNavigate();
  const [{ fetching, error }, create] = useMutation(CreateNamespace);
  const [name, setName] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = async () => {
    const { data } = await create({ input: { name } });
    setRefusal(data?.createNamespace.errors[0]?.message ?? null);
    const slug = data?.createNamespace.namespace?.slug;
    if (slug) await navigate(`/namespaces/${slug}`);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {error && <QueryError error={error} />}
      <Group align="end">
        <TextInput label="New namespace" placeholder="shop" required value={name} error={refusal} onChange={(event) => setName(event.currentTarget.value)} />
        <Button type="submit" loading={fetching}>Create namespace</Button>
      </Group>
    </form>
  );
}
