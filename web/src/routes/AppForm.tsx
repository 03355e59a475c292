import { Alert, Button, Code, Group, NumberInput, Paper, Select, Skeleton, Stack, Table, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useMutation, useQuery } from "urql";

import { QueryError } from "../components/Notices";
import { graphql } from "../gql";
import type { PlanWorkloadMutation, WorkloadInput, WorkloadSize } from "../gql/graphql";
import { check, parseEnv, proposeName, type Rule } from "../rules";
import { formatValue } from "../units";

const FormQuery = graphql(`
  query AppForm($slug: String!, $name: String!) {
    workloadForm {
      sizes {
        size
        cpuLimit
        memoryLimit
      }
      rules {
        field
        message
        example
        required
        pattern
        maxLength
        minimum
        maximum
      }
    }
    workload(namespace: $slug, name: $name) {
      id
      name
      spec {
        image
        port
        size
        replicas
        runAsUser
        environment {
          name
          value
        }
        secrets {
          name
        }
      }
    }
  }
`);

const PlanWorkload = graphql(`
  mutation PlanWorkload($input: PlanWorkloadInput!) {
    planWorkload(input: $input) {
      plan {
        id
        action
        manifests {
          kind
          name
          yaml
        }
        diff {
          kind
          name
          action
          changes {
            path
            before
            after
          }
        }
        quota {
          resource
          unit
          after
          peak
          hard
          fits
        }
        findings {
          message
          fix {
            label
            path
            value
          }
        }
      }
      errors {
        message
        path
      }
    }
  }
`);

const DeployWorkload = graphql(`
  mutation DeployWorkload($input: DeployWorkloadInput!) {
    deployWorkload(input: $input) {
      workload {
        id
        name
      }
      errors {
        message
      }
    }
  }
`);

type Plan = NonNullable<PlanWorkloadMutation["planWorkload"]["plan"]>;

interface Values {
  image: string;
  name: string;
  port: number | null;
  size: WorkloadSize;
  replicas: number;
  runAsUser: number | null;
  environment: string;
  secrets: string;
}

const EMPTY: Values = { image: "", name: "", port: 8080, size: "S", replicas: 1, runAsUser: null, environment: "", secrets: "" };

export function NewApp() {
  return <Loaded name="" />;
}

export function EditApp() {
  const { name = "" } = useParams();
  return <Loaded name={name} />;
}

function Loaded({ name }: { name: string }) {
  const { slug = "" } = useParams();
  const [{ data, error }] = useQuery({ query: FormQuery, variables: { slug, name } });
  if (error) return <QueryError error={error} />;
  if (!data) return <Skeleton h={320} />;
  const spec = data.workload?.spec;
  const initial: Values = spec
    ? {
        image: spec.image,
        name: data.workload?.name ?? name,
        port: spec.port ?? null,
        size: spec.size,
        replicas: spec.replicas,
        runAsUser: spec.runAsUser ?? null,
        environment: spec.environment.map((one) => `${one.name}=${one.value}`).join("\n"),
        secrets: spec.secrets.map((one) => `${one.name}=`).join("\n"),
      }
    : EMPTY;
  const sizes = data.workloadForm.sizes.map((one) => ({
    value: one.size,
    label: `${one.size} – ${formatValue(one.cpuLimit, "CORES")}, ${formatValue(one.memoryLimit, "BYTES")}`,
  }));
  return <Form slug={slug} isNew={!spec} initial={initial} rules={data.workloadForm.rules} sizes={sizes} />;
}

/** What the form says, as the graph takes it; a secret left empty keeps the value that it has. */
function toInput(values: Values): WorkloadInput {
  const { environment, secrets, ...rest } = values;
  return {
    ...rest,
    environment: parseEnv(environment),
    secrets: parseEnv(secrets).map(({ name, value }) => ({ name, value: value === "" ? null : value })),
  };
}

interface FormProps {
  slug: string;
  isNew: boolean;
  initial: Values;
  rules: readonly Rule[];
  sizes: { value: string; label: string }[];
}

function Form({ slug, isNew, initial, rules, sizes }: FormProps) {
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<keyof Values>>(new Set());
  const [{ data, error, fetching }, planWorkload] = useMutation(PlanWorkload);
  const [stale, setStale] = useState(false);
  const set = <K extends keyof Values>(field: K, value: Values[K]) => {
    setValues((old) => ({ ...old, [field]: value }));
    setTouched((old) => new Set(old).add(field));
    setStale(true);
  };
  const refusals = stale ? [] : (data?.planWorkload.errors ?? []);
  const message = (field: keyof Values): string | null => {
    const refused = refusals.find((one) => one.path[1] === field)?.message;
    return refused ?? (touched.has(field) ? check(rules, field, values[field]) : null);
  };
  const review = async (wanted: Values) => {
    setTouched(new Set(Object.keys(wanted) as (keyof Values)[]));
    setStale(false);
    await planWorkload({ input: { namespace: slug, workload: toInput(wanted) } });
  };
  const fix = (path: readonly string[], value: string) => {
    const fixed = { ...values, [path.at(-1) ?? ""]: JSON.parse(value) as unknown }; // the server names a field of its own input
    setValues(fixed);
    void review(fixed);
  };
  const plan = stale ? null : data?.planWorkload.plan;
  const setImage = (image: string) => {
    set("image", image);
    if (isNew && !touched.has("name")) setValues((old) => ({ ...old, image, name: proposeName(image) }));
  };
  return (
    <Stack gap="lg">
      <Title order={1}>{isNew ? "New app" : `Change ${initial.name}`}</Title>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void review(values);
        }}
      >
        <Stack maw={640}>
          <TextInput label="Image" required placeholder="ghcr.io/ada/engine:1.4.2" value={values.image} error={message("image")} onChange={(event) => setImage(event.currentTarget.value)} />
          <TextInput label="Name" required readOnly={!isNew} value={values.name} error={message("name")} onChange={(event) => set("name", event.currentTarget.value)} />
          <NumberInput label="Port" description="Where the app listens; empty for none" value={values.port ?? ""} error={message("port")} onChange={(value) => set("port", typeof value === "number" ? value : null)} />
          <Select label="Size" data={sizes} value={values.size} allowDeselect={false} onChange={(value) => set("size", (value ?? "S") as WorkloadSize)} />
          <NumberInput label="Replicas" value={values.replicas} error={message("replicas")} onChange={(value) => set("replicas", Number(value))} />
          <Textarea label="Environment" description="One NAME=value a line; paste a .env file" autosize minRows={2} value={values.environment} error={message("environment")} onChange={(event) => set("environment", event.currentTarget.value)} />
          <Textarea label="Secrets" description="One NAME=value a line. Values are never shown again; NAME= keeps the one it has" autosize minRows={2} value={values.secrets} error={message("secrets")} onChange={(event) => set("secrets", event.currentTarget.value)} />
          <NumberInput label="Run as user" description="A number, where the image would start as root" value={values.runAsUser ?? ""} error={message("runAsUser")} onChange={(value) => set("runAsUser", typeof value === "number" ? value : null)} />
          {error && <QueryError error={error} />}
          {refusals.length > 0 && (
            <Alert color="red" role="alert" title="This cannot be deployed">
              {refusals.map((one) => <div key={one.message}>{one.message}</div>)}
            </Alert>
          )}
          <Button type="submit" variant={plan ? "default" : "filled"} loading={fetching}>Review plan</Button>
        </Stack>
      </form>
      {plan && <PlanReview slug={slug} plan={plan} onFix={fix} />}
    </Stack>
  );
}

function PlanReview({ slug, plan, onFix }: { slug: string; plan: Plan; onFix: (path: readonly string[], value: string) => void }) {
  const navigate = useNavigate();
  const [{ data, error, fetching }, deploy] = useMutation(DeployWorkload);
  const submit = async () => {
    const result = await deploy({ input: { planId: plan.id } });
    const app = result.data?.deployWorkload.workload;
    if (app) await navigate(`/namespaces/${slug}/apps/${app.name}`);
  };
  return (
    <Paper withBorder p="md" component="section" aria-label="Plan">
      <Stack>
        <Title order={2} fz="h3">Plan</Title>
        {plan.findings.map((finding) => (
          <Alert key={finding.message} color="orange" title="Worth a thought">
            {finding.message}{" "}
            {finding.fix && <Button size="xs" variant="default" onClick={() => finding.fix && onFix(finding.fix.path, finding.fix.value)}>{finding.fix.label}</Button>}
          </Alert>
        ))}
        {plan.diff.map((one) => (
          <div key={`${one.kind}/${one.name}`}>
            <Text fw={600}>{one.kind} {one.name}: {one.action.toLowerCase()}</Text>
            {one.changes.map((change) => <div key={change.path} className="mono">{change.path}: {change.before ?? "–"} → {change.after ?? "–"}</div>)}
          </div>
        ))}
        <Table.ScrollContainer minWidth={420}>
          <Table>
            <Table.Thead><Table.Tr><Table.Th>Quota</Table.Th><Table.Th ta="right">After</Table.Th><Table.Th ta="right">At the peak</Table.Th><Table.Th ta="right">Limit</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {plan.quota.filter((one) => one.hard > 0).map((one) => (
                <Table.Tr key={one.resource} c={one.fits ? "inherit" : "red"}>
                  <Table.Td>{one.resource}</Table.Td>
                  {[one.after, one.peak, one.hard].map((value, index) => <Table.Td key={index} ta="right" className="figure">{formatValue(value, one.unit)}</Table.Td>)}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <details>
          <summary>Manifests</summary>
          {plan.manifests.map((one) => <Code block key={`${one.kind}/${one.name}`} mt="xs">{one.yaml}</Code>)}
        </details>
        {error && <QueryError error={error} />}
        {data?.deployWorkload.errors.map((one) => <Alert key={one.message} color="red" role="alert">{one.message}</Alert>)}
        <Group><Button onClick={() => void submit()} loading={fetching}>Deploy</Button></Group>
      </Stack>
    </Paper>
  );
}
