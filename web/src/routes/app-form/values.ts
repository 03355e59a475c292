import type { VolumeShown } from "../../components/VolumeText/volumeText";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { ConcurrencyPolicy, ExposureMode, ProbeInput, WorkloadInput, WorkloadKind, WorkloadSize } from "../../gql/graphql";
import { autoscalingOf, toAutoscaling, type AutoscalingValues } from "./autoscalingValues";
import {
  credentialsOf,
  file,
  NEW_CREDENTIALS,
  toCredentials,
  toFiles,
  toSecretFiles,
  type FileValues,
  type RegistryValues,
} from "./contents";
import { resourcesOf, toResources, type ResourceValues } from "./resources";

const FormValuesFragment = graphql(`
  fragment FormValues_workload on Workload {
    id
    name
    spec {
      kind
      image
      port
      size
      resources {
        cpuRequestMillicores
        cpuLimitMillicores
        memoryRequestMib
        memoryLimitMib
      }
      replicas
      runAsUser
      command
      arguments
      shutdownSeconds
      surge
      startup {
        ...FormCheck
      }
      liveness {
        ...FormCheck
      }
      readiness {
        ...FormCheck
      }
      environment {
        name
        value
      }
      secrets {
        name
      }
      files {
        path
        content
      }
      secretFiles {
        path
      }
      registryCredentials {
        server
        username
      }
      volumes {
        name
        path
        sizeGib
        storageClass
      }
      schedule {
        cron
        timeZone
        concurrency
        suspended
      }
      retries
      timeLimitSeconds
      exposure
      autoscaling {
        minReplicas
        maxReplicas
        cpuPercent
        memoryPercent
      }
    }
    status {
      desiredReplicas
    }
  }
`);

const FormCheckFragment = graphql(`
  fragment FormCheck on Probe {
    path
    command
    delaySeconds
    periodSeconds
    timeoutSeconds
    failures
  }
`);

export type CheckName = "startup" | "liveness" | "readiness";

/** A check of a pod. Numbers are null where their field is empty. */
export interface Check {
  path: string;
  command: readonly string[];
  delaySeconds: number | null;
  periodSeconds: number | null;
  timeoutSeconds: number | null;
  failures: number | null;
}

export const NEW_CHECK: Check = {
  path: "",
  command: [],
  delaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 2,
  failures: 3,
};

export interface Variable {
  /** Tells rows apart while they are edited. */
  key: string;
  name: string;
  /** null: the secret keeps the value that it has, which nobody is told. */
  value: string | null;
}

/** A disk of each replica. */
export interface VolumeValues {
  key: string;
  name: string;
  path: string;
  sizeGib: number | null;
  storageClass: string;
}

export interface ScheduleValues {
  cron: string;
  timeZone: string;
  concurrency: ConcurrencyPolicy;
  suspended: boolean;
}

/** What the form holds. Numbers are null where their field is empty. */
export interface Values {
  kind: WorkloadKind;
  image: string;
  name: string;
  port: number | null;
  /** Not looked at beside `resources`. */
  size: WorkloadSize;
  /** What each pod may use where that is no size. */
  resources: ResourceValues | null;
  replicas: number | null;
  runAsUser: number | null;
  environment: readonly Variable[];
  secrets: readonly Variable[];
  files: readonly FileValues[];
  secretFiles: readonly FileValues[];
  registryCredentials: RegistryValues | null;
  command: readonly string[];
  arguments: readonly string[];
  startup: Check | null;
  liveness: Check | null;
  readiness: Check | null;
  shutdownSeconds: number | null;
  /** Whether a pod more than asked for may run while pods are replaced. */
  surge: boolean;
  volumes: readonly VolumeValues[];
  /** null for an app of a kind that has none; the form keeps one to be filled in. */
  schedule: ScheduleValues | null;
  retries: number | null;
  timeLimitSeconds: number | null;
  /** null: `replicas` says how many pods there are. */
  autoscaling: AutoscalingValues | null;
  exposure: ExposureMode;
}

export const NEW_APP: Values = {
  kind: "WEB_SERVICE",
  image: "",
  name: "",
  port: 8080,
  size: "S",
  resources: null,
  replicas: 1,
  runAsUser: null,
  environment: [],
  secrets: [],
  files: [],
  secretFiles: [],
  registryCredentials: null,
  command: [],
  arguments: [],
  startup: null,
  liveness: null,
  readiness: null,
  shutdownSeconds: 30,
  surge: true,
  volumes: [volume("data", "", 1)],
  schedule: {
    cron: "",
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    concurrency: "FORBID",
    suspended: false,
  },
  retries: 3,
  timeLimitSeconds: null,
  autoscaling: null,
  exposure: "NONE",
};

/** What is said to the server of a field that apps of the kind do not have. */
export const NOT_ASKED = {
  port: null,
  replicas: 1,
  surge: true,
  startup: null,
  liveness: null,
  readiness: null,
  volumes: [],
  schedule: null,
  retries: 3,
  timeLimitSeconds: null,
  autoscaling: null,
  exposure: "NONE",
} satisfies Partial<Values>;

/**
 * The values without what apps of their kind do not have; `fields` are those that they have beside the common ones.
 * Nor is a number of replicas asked for where autoscaling chooses it.
 */
export function asked(values: Values, fields: readonly string[]): Values {
  const isHidden = (field: string) => !fields.includes(field) || (field === "replicas" && values.autoscaling !== null);
  const others = Object.entries(NOT_ASKED).filter(([field]) => isHidden(field));
  return { ...values, ...Object.fromEntries(others) };
}

export function volume(name: string, path: string, sizeGib: number | null, storageClass = ""): VolumeValues {
  return { key: crypto.randomUUID(), name, path, sizeGib, storageClass };
}

export function variable(name: string, value: string | null): Variable {
  return { key: crypto.randomUUID(), name, value };
}

/** The form of an app that is there. With autoscaling turned off, one begins with as many pods as there are. */
export function valuesOf(workload: FragmentType<typeof FormValuesFragment>): Values {
  const { name, spec, status } = readFragment(FormValuesFragment, workload);
  return {
    name,
    kind: spec.kind,
    image: spec.image,
    port: spec.port ?? null,
    size: spec.size ?? NEW_APP.size,
    resources: resourcesOf(spec.resources),
    replicas: spec.autoscaling ? status.desiredReplicas : spec.replicas,
    runAsUser: spec.runAsUser ?? null,
    environment: spec.environment.map((each) => variable(each.name, each.value)),
    secrets: spec.secrets.map((each) => variable(each.name, null)),
    files: spec.files.map((each) => file(each.path, each.content)),
    secretFiles: spec.secretFiles.map((each) => file(each.path, null)),
    registryCredentials: credentialsOf(spec.registryCredentials, null),
    command: spec.command,
    arguments: spec.arguments,
    startup: checkOf(spec.startup),
    liveness: checkOf(spec.liveness),
    readiness: checkOf(spec.readiness),
    shutdownSeconds: spec.shutdownSeconds,
    surge: spec.surge,
    volumes: spec.volumes.map(volumeOf),
    schedule: spec.schedule ? scheduleOf(spec.schedule) : NEW_APP.schedule,
    retries: spec.retries,
    timeLimitSeconds: spec.timeLimitSeconds ?? null,
    autoscaling: autoscalingOf(spec.autoscaling),
    exposure: spec.exposure,
  };
}

export function volumeOf(shown: VolumeShown): VolumeValues {
  return volume(shown.name, shown.path, shown.sizeGib, shown.storageClass ?? "");
}

export function scheduleOf({ cron, timeZone, concurrency, suspended }: ScheduleValues): ScheduleValues {
  return { cron, timeZone, concurrency, suspended };
}

export function checkOf(probe: FragmentType<typeof FormCheckFragment> | null | undefined): Check | null {
  const check = readFragment(FormCheckFragment, probe);
  return check ? { ...check, path: check.path ?? "" } : null;
}

/** What the form says, as the graph takes it. Every rule must hold: an empty number of replicas is none. */
export function toInput(values: Values): WorkloadInput {
  return {
    ...values,
    size: values.resources ? null : values.size,
    resources: values.resources && toResources(values.resources),
    replicas: values.replicas ?? 0,
    environment: values.environment.map(({ name, value }) => ({ name, value: value ?? "" })),
    secrets: values.secrets.map(({ name, value }) => ({ name, value })),
    files: toFiles(values.files),
    secretFiles: toSecretFiles(values.secretFiles),
    registryCredentials: toCredentials(values.registryCredentials),
    command: [...values.command],
    arguments: [...values.arguments],
    startup: toProbe(values.startup),
    liveness: toProbe(values.liveness),
    readiness: toProbe(values.readiness),
    shutdownSeconds: values.shutdownSeconds ?? 0,
    volumes: values.volumes.map(({ name, path, sizeGib, storageClass }) => ({
      name,
      path,
      sizeGib: sizeGib ?? 0,
      storageClass: storageClass || null,
    })),
    retries: values.retries ?? 0,
    autoscaling: toAutoscaling(values.autoscaling),
  };
}

function toProbe(check: Check | null): ProbeInput | null {
  if (!check) return null;
  return {
    path: check.path || null,
    command: [...check.command],
    delaySeconds: check.delaySeconds ?? 0,
    periodSeconds: check.periodSeconds ?? 0,
    timeoutSeconds: check.timeoutSeconds ?? 0,
    failures: check.failures ?? 0,
  };
}

/** Whether an app says more of its process than the form asks at first. */
export function describesProcess(values: Values): boolean {
  const { command, arguments: words, startup, liveness, readiness, shutdownSeconds, surge } = values;
  const isUsual = surge && shutdownSeconds === NEW_APP.shutdownSeconds && command.length + words.length === 0;
  return !isUsual || Boolean(startup ?? liveness ?? readiness);
}

/** The values of a form that is opened for one field: that is there to be filled in, with what is known of it. */
export function openedAt(field: string | null, values: Values, image: { registry: string }): Values {
  if (field !== "registryCredentials" || values.registryCredentials !== null) return values;
  return { ...values, registryCredentials: { ...NEW_CREDENTIALS, server: image.registry } };
}

/** Whether an app has files, or its image is pulled by somebody. */
export function hasFiles({ files, secretFiles, registryCredentials }: Values): boolean {
  return files.length + secretFiles.length > 0 || registryCredentials !== null;
}

/** `values` with a fix of the server's: `path` is below the mutation's input, `json` the value to give it. */
export function withFix(values: Values, path: readonly string[], json: string): Values {
  const [root, ...steps] = path;
  if (root !== "workload" || steps.length === 0) return values;
  const fixed = withValue(values, steps, JSON.parse(json)) as Values;
  return steps[0] === "size" ? { ...fixed, resources: null } : fixed;
}

/** `holder` with another value where the steps lead; as it is where they lead nowhere. */
function withValue(holder: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof holder !== "object" || holder === null || !(step in holder)) return holder;
  const before = (holder as Record<string, unknown>)[step];
  const after = withValue(before, rest, value);
  return after === before ? holder : { ...holder, [step]: after };
}
