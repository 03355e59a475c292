import { Anchor, Breadcrumbs, Button, Group, NumberInput, Paper, SegmentedControl, SimpleGrid, Skeleton, Stack, Table, Tabs, Text, TextInput, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { useMutation, useQuery, useSubscription } from "urql";

import { MetricChart } from "../components/MetricChart";
import { QueryError, Refusals } from "../components/Notices";
import { RolloutStrip } from "../components/RolloutStrip";
import { StatusBadge } from "../components/StatusBadge";
import { graphql, readFragment, type FragmentType } from "../gql";

const LiveFragment = graphql(`
  fragment AppPage_live on Workload {
    id
    name
    address
    spec {
      image
      replicas
    }
    status {
      phase
      message
      readyReplicas
      desiredReplicas
    }
    rollout {
      revision
      steps {
        name
        title
        state
        message
      }
      ...RolloutStrip_rollout
    }
  }
`);

const AppUpdated = graphql(`
  subscription AppUpdated($slug: String!, $name: String!) {
    deploymentUpdated(namespace: $slug, name: $name) {
      kind
      workload {
        ...AppPage_live
      }
    }
  }
`);

const AppDetails = graphql(`
  query AppDetails($slug: String!, $name: String!, $pods: Boolean!, $events: Boolean!, $revisions: Boolean!, $manifest: Boolean!) {
    workload(namespace: $slug, name: $name) {
      id
      namespace {
        name
      }
      manifest @include(if: $manifest)
      pods(first: 100) @include(if: $pods) {
        edges {
          node {
            id
            name
            revision
            state
            restarts
            node
            message
          }
        }
      }
      events(first: 50) @include(if: $events) {
        edges {
          node {
            id
            reason
            message
            count
            regarding {
              kind
              name
            }
          }
        }
      }
      revisions(first: 50) @include(if: $revisions) {
        edges {
          node {
            id
            number
            cause
            state
            isCurrent
            createdAt
            changes {
              path
              before
              after
            }
          }
        }
      }
    }
  }
`);

const AppMetrics = graphql(`
  query AppMetrics($slug: String!, $name: String!, $range: Duration!) {
    workload(namespace: $slug, name: $name) {
      id
      metrics(range: $range) {
        cpu {
          ...MetricChart_result
        }
        memory {
          ...MetricChart_result
        }
        networkReceive {
          ...MetricChart_result
        }
        restarts {
          ...MetricChart_result
        }
      }
    }
  }
`);

const Scale = graphql(`
  mutation Scale($input: ScaleWorkloadInput!) {
    scaleWorkload(input: $input) {
      errors {
        message
      }
    }
  }
`);
const Restart = graphql(`
  mutation Restart($input: RestartWorkloadInput!) {
    restartWorkload(input: $input) {
      errors {
        message
      }
    }
  }
`);
const Rollback = graphql(`
  mutation Rollback($input: RollbackWorkloadInput!) {
    rollbackWorkload(input: $input) {
      errors {
        message
      }
    }
  }
`);
const Delete = graphql(`
  mutation Delete($input: DeleteWorkloadInput!) {
    deleteWorkload(input: $input) {
      deletedId
      errors {
        message
      }
    }
  }
`);

const METRICS_EVERY_MS = 5000;
const SIGNS = { PENDING: "○", RUNNING: "◐", DONE: "●", FAILED: "✕" } as const;
const TABS = ["overview", "pods", "events", "revisions", "metrics", "manifest"];

interface Place {
  slug: string;
  name: string;
}

export function AppPage() {
  const { slug = "", name = "" } = useParams();
  const [search, setSearch] = useSearchParams();
  const tab = search.get("tab") ?? "overview";
  const [{ data, error }] = useSubscription({ query: AppUpdated, variables: { slug, name } });
  const live = readFragment(LiveFragment, data?.deploymentUpdated.workload);
  const place = { slug, name };
  if (error) return <QueryError error={error} />;
  if (!data) return <Skeleton h={240} />;
  if (!live) return <Text>{name} is gone. <Anchor component={Link} to={`/namespaces/${slug}`}>Back to the namespace</Anchor></Text>;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Group>
          <Breadcrumbs>
            <Anchor component={Link} to={`/namespaces/${slug}`}>{slug}</Anchor>
            <Title order={1} fz="h2">{name}</Title>
          </Breadcrumbs>
          <StatusBadge phase={live.status.phase} />
        </Group>
        <Button component={Link} to={`/namespaces/${slug}/apps/${name}/edit`} variant="default">Change</Button>
      </Group>
      <Tabs value={TABS.includes(tab) ? tab : "overview"} onChange={(value) => setSearch({ tab: value ?? "overview" })} keepMounted={false}>
        <Tabs.List mb="md">{TABS.map((one) => <Tabs.Tab key={one} value={one} tt="capitalize">{one}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="overview"><Overview live={data.deploymentUpdated.workload ?? null} place={place} /></Tabs.Panel>
        <Tabs.Panel value="metrics"><Metrics place={place} /></Tabs.Panel>
        {["pods", "events", "revisions", "manifest"].map((one) => (
          <Tabs.Panel key={one} value={one}><Details tab={one} place={place} version={JSON.stringify(live.status)} /></Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}

function Overview({ live, place }: { live: FragmentType<typeof LiveFragment> | null; place: Place }) {
  const app = readFragment(LiveFragment, live);
  if (!app) return null;
  const { status, rollout } = app;
  return (
    <Stack>
      <Paper withBorder p="md" component="section" aria-label="Rollout">
        <Group justify="space-between" mb="sm">
          <Text role="status">{status.message}</Text>
          <Text className="figure" fz={28} aria-label="Ready pods">{status.readyReplicas}/{status.desiredReplicas}</Text>
        </Group>
        <RolloutStrip rollout={rollout} />
        <ul className="steps">
          {rollout.steps.map((step) => (
            <li key={step.name}>
              <span aria-hidden="true">{SIGNS[step.state]}</span> {step.title} <Text span c="dimmed" size="sm">{step.state.toLowerCase()} {step.message}</Text>
            </li>
          ))}
        </ul>
      </Paper>
      <Text size="sm">Image <span className="mono">{app.spec.image}</span>{app.address && <> · inside the cluster at <span className="mono">{app.address}</span></>}</Text>
      <Actions place={place} replicas={app.spec.replicas} />
      <Metrics place={place} />
    </Stack>
  );
}

function Actions({ place, replicas }: { place: Place; replicas: number }) {
  const { slug: namespace, name } = place;
  const navigate = useNavigate();
  const [wanted, setWanted] = useState(replicas);
  const [typed, setTyped] = useState("");
  const [scaled, scale] = useMutation(Scale);
  const [restarted, restart] = useMutation(Restart);
  const [deleted, remove] = useMutation(Delete);
  const refusals = [
    ...(scaled.data?.scaleWorkload.errors ?? []),
    ...(restarted.data?.restartWorkload.errors ?? []),
    ...(deleted.data?.deleteWorkload.errors ?? []),
  ];
  const failed = scaled.error ?? restarted.error ?? deleted.error;
  const submitDelete = async () => {
    const { data } = await remove({ input: { namespace, name } });
    if (data?.deleteWorkload.deletedId) await navigate(`/namespaces/${namespace}`);
  };
  return (
    <Stack>
      {failed && <QueryError error={failed} />}
      <Refusals errors={refusals} />
      <Group align="end">
        <NumberInput label="Replicas" w={120} min={0} max={50} value={wanted} onChange={(value) => setWanted(Number(value))} />
        <Button variant="default" loading={scaled.fetching} onClick={() => void scale({ input: { namespace, name, replicas: wanted } })}>Scale</Button>
        <Button variant="default" loading={restarted.fetching} onClick={() => void restart({ input: { namespace, name } })}>Restart</Button>
      </Group>
      <Group align="end">
        <TextInput label={`Type ${name} to delete this app`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button color="red" variant="outline" disabled={typed !== name} loading={deleted.fetching} onClick={() => void submitDelete()}>Delete app</Button>
      </Group>
    </Stack>
  );
}

function Metrics({ place }: { place: Place }) {
  const [range, setRange] = useState("15m");
  const [{ data, error }, read] = useQuery({ query: AppMetrics, variables: { ...place, range } });
  useEffect(() => {
    const timer = setInterval(() => read({ requestPolicy: "network-only" }), METRICS_EVERY_MS);
    return () => clearInterval(timer);
  }, [read]);
  const metrics = data?.workload?.metrics;
  return (
    <section aria-label="Metrics">
      <SegmentedControl mb="sm" size="xs" value={range} onChange={setRange} data={["5m", "15m", "1h", "1d"]} aria-label="Range" />
      {error && <QueryError error={error} />}
      {metrics && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <MetricChart title="CPU" result={metrics.cpu} />
          <MetricChart title="Memory" result={metrics.memory} />
          <MetricChart title="Network received" result={metrics.networkReceive} />
          <MetricChart title="Restarts" result={metrics.restarts} />
        </SimpleGrid>
      )}
    </section>
  );
}

/** `version` is part of the key by which the details are read: they are read again when the app's state moves. */
function Details({ tab, place, version }: { tab: string; place: Place; version: string }) {
  return <DetailsAt key={version} tab={tab} place={place} />;
}

function DetailsAt({ tab, place }: { tab: string; place: Place }) {
  const variables = { ...place, pods: tab === "pods", events: tab === "events", revisions: tab === "revisions", manifest: tab === "manifest" };
  const [{ data, error }] = useQuery({ query: AppDetails, variables });
  const [rolledBack, rollback] = useMutation(Rollback);
  if (error) return <QueryError error={error} />;
  const app = data?.workload;
  if (!app) return <Skeleton h={120} />;
  return (
    <Stack>
      <Refusals errors={rolledBack.data?.rollbackWorkload.errors ?? []} />
      {app.manifest != null && <pre className="manifest mono" tabIndex={0}>{app.manifest}</pre>}
      {app.pods && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead><Table.Tr><Table.Th>Pod</Table.Th><Table.Th>State</Table.Th><Table.Th ta="right">Revision</Table.Th><Table.Th ta="right">Restarts</Table.Th><Table.Th>Node</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {app.pods.edges.map(({ node }) => (
                <Table.Tr key={node.id}>
                  <Table.Td className="mono">{node.name}</Table.Td>
                  <Table.Td>{node.state.toLowerCase()}{node.message && <Text size="xs">{node.message}</Text>}</Table.Td>
                  <Table.Td ta="right" className="figure">{node.revision}</Table.Td>
                  <Table.Td ta="right" className="figure">{node.restarts}</Table.Td>
                  <Table.Td>{node.node}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {app.events?.edges.map(({ node }) => (
        <Text key={node.id} size="sm"><b>{node.reason}</b> {node.regarding.kind} {node.regarding.name}: {node.message} {node.count > 1 && `(${node.count} times)`}</Text>
      ))}
      {app.revisions?.edges.map(({ node }) => (
        <Paper key={node.id} withBorder p="md">
          <Group justify="space-between">
            <Text fw={600}>Revision {node.number}{node.isCurrent && " (current)"} <Text span c="dimmed" size="sm">{node.cause.toLowerCase()}, {node.state.toLowerCase()}, {new Date(node.createdAt).toLocaleString()}</Text></Text>
            {!node.isCurrent && node.state === "APPLIED" && (
              <Button size="xs" variant="default" loading={rolledBack.fetching} onClick={() => void rollback({ input: { namespace: place.slug, name: place.name, revision: node.number } })}>
                Roll back to {node.number}
              </Button>
            )}
          </Group>
          {node.changes.map((change) => <div key={change.path} className="mono">{change.path}: {change.before ?? "–"} → {change.after ?? "–"}</div>)}
        </Paper>
      ))}
    </Stack>
  );
}
