import { graphql, readFragment, type FragmentType } from "../../gql";
import type { WorkloadInput, WorkloadSize } from "../../gql/graphql";

const FormValuesFragment = graphql(`
  fragment FormValues_workload on Workload {
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
`);

export interface Variable {
  /** Tells rows apart while they are edited. */
  key: string;
  name: string;
  /** null: the secret keeps the value that it has, which nobody is told. */
  value: string | null;
}

/** What the form holds. Numbers are null where their field is empty. */
export interface Values {
  image: string;
  name: string;
  port: number | null;
  size: WorkloadSize;
  replicas: number | null;
  runAsUser: number | null;
  environment: readonly Variable[];
  secrets: readonly Variable[];
}

export const NEW_APP: Values = {
  image: "",
  name: "",
  port: 8080,
  size: "S",
  replicas: 1,
  runAsUser: null,
  environment: [],
  secrets: [],
};

export function variable(name: string, value: string | null): Variable {
  return { key: crypto.randomUUID(), name, value };
}

/** The form of an app that is there. */
export function valuesOf(workload: FragmentType<typeof FormValuesFragment>): Values {
  const { name, spec } = readFragment(FormValuesFragment, workload);
  return {
    name,
    image: spec.image,
    port: spec.port ?? null,
    size: spec.size,
    replicas: spec.replicas,
    runAsUser: spec.runAsUser ?? null,
    environment: spec.environment.map((each) => variable(each.name, each.value)),
    secrets: spec.secrets.map((each) => variable(each.name, null)),
  };
}

/** What the form says, as the graph takes it. Every rule must hold: an empty number of replicas is none. */
export function toInput(values: Values): WorkloadInput {
  return {
    ...values,
    replicas: values.replicas ?? 0,
    environment: values.environment.map(({ name, value }) => ({ name, value: value ?? "" })),
    secrets: values.secrets.map(({ name, value }) => ({ name, value })),
  };
}

/** `values` with a fix of the server's: `path` is below the mutation's input, `json` the value to give it. */
export function withFix(values: Values, path: readonly string[], json: string): Values {
  const [root, field] = path;
  if (root !== "workload" || field === undefined || !(field in values)) return values;
  return { ...values, [field]: JSON.parse(json) as unknown };
}
