import { Anchor, Button, Group, Paper, Progress, SimpleGrid, Skeleton, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { useMutation, useQuery, useSubscription } from "urql";

import { MetricChart } from "../components/MetricChart";
import { QueryError, Refusals } from "../components/Notices";
import { RolloutStrip } from "../components/RolloutStrip";
import { StatusBadge } from "../components/StatusBadge";
import { graphql, readFragment, type FragmentType } from "../gql";
import type { MetricUnit } from "../gql/graphql";
import { formatValue } from "../units";

const RowFragment = graphql(`
  fragment NamespaceRow_workload on Workload {
    id
    name
    spec {
      image
    }
    status {
      phase
      readyReplicas
      desiredReplicas
    }
    rollout {
      ...RolloutStrip_rollout
    }
  }
`);

const NamespaceQuery = graphql(`
  query NamespacePage($slug: String!) {
    namespace(slug: $slug) {
      id
      name
      slug
      quota {
        resource
        unit
        used
        hard
      }
      metrics(range: "15m") {
        cpu {
          ...MetricChart_result
        }
        memory {
          ...MetricChart_result
        }
      }
      workloads(first: 100) {
        edges {
          node {
            id
            ...NamespaceRow_workload
          }
        }
      }
      events(first: 10) {
        edges {
          node {
            id
            reason
            message
            regarding {
              kind
              name
            }
          }
        }
      }
    }
  }
`);

const NamespaceUpdated = graphql(`
  subscription NamespaceUpdated($slug: String!) {
    namespaceUpdated(slug: $slug) {
      kind
      workloadId
      workload {
        ...NamespaceRow_workload
      }
    }
  }
`);

const DeleteNamespace = graphql(`
  mutation DeleteNamespace($input: DeleteNamespaceInput!) {
    deleteNamespace(input: $input) {
      deletedId
      errors {
        message
      }
    }
  }
`);

type Row = FragmentType<typeof RowFragment>;

export function Namespace() {
  const { slug = "" } = useParams();
  const [{ data, error, fetching }] = useQuery({ query: NamespaceQuery, variables: { slug } });
  const [live] = useSubscription({ query: NamespaceUpdated, variables: { slug } }, (rows: Record<string, Row | null> = {}, { namespaceUpdated: update }) => ({
    ...rows,
    [update.workloadId]: update.workload ?? null,
  }));
  if (error) return <QueryError error={error} />;
  if (fetching) return <Skeleton h={240} />;
  const namespace = data?.namespace;
  if (!namespace) return <Text>There is no such namespace. <Anchor component={Link} to="/namespaces">Your namespaces</Anchor></Text>;
  const rows: Record<string, Row | null> = { ...Object.fromEntries(namespace.workloads.edges.map(({ node }) => [node.id, node])), ...live.data };
  const apps = Object.entries(rows).filter((entry): entry is [string, Row] => entry[1] !== null);
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <div>
          <Title order={1}>{namespace.name}</Title>
          <Text className="mono" c="dimmed">{namespace.slug}</Text>
        </div>
        <Button component={Link} to={`/namespaces/${slug}/new`}>New app</Button>
      </Group>
      {apps.length === 0 ? (
        <Paper withBorder p="xl"><Text>No app runs here yet. Describe the first one.</Text></Paper>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="xs">
            <Table.Thead><Table.Tr><Table.Th>App</Table.Th><Table.Th>Status</Table.Th><Table.Th>Pods</Table.Th><Table.Th ta="right">Ready</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>{apps.map(([id, row]) => <AppRow key={id} slug={slug} row={row} />)}</Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <section aria-label="Usage">
        <Title order={2} fz="h4" mb="sm">Usage against quota</Title>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {namespace.quota.filter((one) => one.hard > 0).slice(0, 3).map((one) => <Usage key={one.resource} {...one} />)}
        </SimpleGrid>
      </section>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <MetricChart title="CPU" result={namespace.metrics.cpu} />
        <MetricChart title="Memory" result={namespace.metrics.memory} />
      </SimpleGrid>
      <section>
        <Title order={2} fz="h4" mb="sm">Events</Title>
        {namespace.events.edges.map(({ node }) => (
          <Text key={node.id} size="sm"><b>{node.reason}</b> {node.regarding.kind} {node.regarding.name}: {node.message}</Text>
        ))}
      </section>
      <Deletion slug={slug} name={namespace.name} />
    </Stack>
  );
}

function AppRow({ slug, row }: { slug: string; row: Row }) {
  const app = readFragment(RowFragment, row);
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/namespaces/${slug}/apps/${app.name}`} fw={600}>{app.name}</Anchor>
        <div className="mono">{app.spec.image}</div>
      </Table.Td>
      <Table.Td><StatusBadge phase={app.status.phase} /></Table.Td>
      <Table.Td><RolloutStrip rollout={app.rollout} small /></Table.Td>
      <Table.Td ta="right" className="figure">{app.status.readyReplicas}/{app.status.desiredReplicas}</Table.Td>
    </Table.Tr>
  );
}

function Usage({ resource, unit, used, hard }: { resource: string; unit: MetricUnit; used: number; hard: number }) {
  const share = hard === 0 ? 0 : (used / hard) * 100;
  return (
    <div>
      <Group justify="space-between"><Text size="sm">{resource}</Text><Text size="sm" className="figure">{formatValue(used, unit)} of {formatValue(hard, unit)}</Text></Group>
      <Progress value={share} color={share > 90 ? "orange" : "teal"} aria-label={`${resource} in use`} />
    </div>
  );
}

function Deletion({ slug, name }: { slug: string; name: string }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [{ data, fetching }, remove] = useMutation(DeleteNamespace);
  const submit = async () => {
    const result = await remove({ input: { slug } });
    if (result.data?.deleteNamespace.deletedId) await navigate("/namespaces");
  };
  return (
    <Paper withBorder p="md">
      <Refusals errors={data?.deleteNamespace.errors ?? []} />
      <Group align="end">
        <TextInput label={`Type ${name} to delete this namespace with everything in it`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button color="red" variant="outline" disabled={typed !== name} loading={fetching} onClick={() => void submit()}>Delete namespace</Button>
      </Group>
    </Paper>
  );
}
