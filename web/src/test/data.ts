/** Objects of the graph, whole enough for every page; what matters to a test, it says itself. */
import type { ExposureMode, PodState, VolumeClaimPhase, WorkloadKind, WorkloadSize } from "../gql/graphql";
import type { SessionUser } from "../session/api";

type Fields = Record<string, unknown>;

export const GIB = 2 ** 30;
export const MIB = 2 ** 20;
export const MOMENT = "2026-05-04T12:00:00Z";

export const ADA: SessionUser = { id: "User:ada", email: "ada@example.org", displayName: "Ada", role: "member" };
export const GRACE: SessionUser = { ...ADA, id: "User:grace", displayName: "Grace", role: "administrator" };

export function connection(nodes: readonly Fields[], pageInfo: Fields = {}): Fields & { totalCount: number } {
  return {
    totalCount: nodes.length,
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null, ...pageInfo },
    edges: nodes.map((node, index) => ({ cursor: String(index), node })),
  };
}

export function user(fields: Fields = {}) {
  return {
    ...ADA,
    role: "MEMBER",
    createdAt: MOMENT,
    apiTokens: connection([]),
    namespaces: connection([]),
    ...fields,
  };
}

export function namespace(fields: Fields = {}) {
  return {
    id: "Namespace:1",
    name: "Shop",
    slug: "shop-x1",
    createdAt: MOMENT,
    phase: "ACTIVE",
    reconciliationPaused: false,
    deletedWorkloads: connection([]),
    volumeClaims: connection([]),
    timeline: connection([]),
    owner: user(),
    viewerCan: { __typename: "ViewerCan", write: true, delete: true },
    quota: [
      quota("limits.cpu", 1, 4, "CORES"),
      quota("limits.memory", GIB, 4 * GIB, "BYTES"),
      quota("pods", 4, 20, "COUNT"),
    ],
    workloads: connection([]),
    events: connection([]),
    metrics: metrics(),
    ...fields,
  };
}

/** A disk that the app `engine` uses, but for what is given. */
export function volumeClaim(fields: Fields = {}) {
  return {
    id: "VolumeClaim:1",
    name: "data-engine-0",
    phase: "BOUND" satisfies VolumeClaimPhase,
    capacity: 10 * GIB,
    storageClass: "standard",
    createdAt: MOMENT,
    leftOver: false,
    workload: app(),
    deletedWorkload: null,
    ...fields,
  };
}

export function quota(resource: string, used: number, hard: number, unit: string) {
  return { resource, unit, used, hard };
}

/** Every metric with no data, but those that are given. */
export function metrics(fields: Fields = {}) {
  const none = { __typename: "MetricNoData", unit: "CORES", message: "Nothing was measured in this time." };
  return {
    source: "PROMETHEUS",
    cpu: none,
    memory: none,
    networkReceive: none,
    networkTransmit: none,
    restarts: none,
    ...fields,
  };
}

export function app(fields: Fields = {}) {
  return {
    id: "Workload:1",
    name: "engine",
    kind: "WEB_SERVICE",
    createdAt: MOMENT,
    updatedAt: MOMENT,
    address: "engine.shop-x1.svc",
    namespace: namespace(),
    status: status(),
    rollout: rollout(),
    exposure: exposure(),
    revisions: connection([]),
    pods: connection([]),
    runs: connection([]),
    timeline: connection([]),
    volumeClaims: connection([]),
    events: connection([]),
    metrics: metrics(),
    diagnosis: null,
    autoscaler: null,
    export: ({ format }: { format: string }) =>
      format === "MANIFESTS"
        ? [{ path: "engine.yaml", content: "kind: Service\n", notes: [] }]
        : [{ path: "kustomization.yaml", content: "kind: Kustomization\n", notes: [] }],
    manifest: "kind: Deployment\n",
    ...fields,
    spec: { imageReference: IMAGE, ...((fields["spec"] as Fields | undefined) ?? spec()) },
  };
}

/** What the server reads of the image; nobody sends it. */
const IMAGE = { registry: "ghcr.io", repository: "ada/engine", tag: "1", digest: null };

export function spec(fields: Fields = {}) {
  return {
    kind: "WEB_SERVICE",
    image: "ghcr.io/ada/engine:1",
    port: 8080,
    size: "S" satisfies WorkloadSize,
    resources: null,
    files: [],
    secretFiles: [],
    registryCredentials: null,
    replicas: 3,
    runAsUser: null,
    environment: [{ name: "LOG_LEVEL", value: "info" }],
    secrets: [{ name: "DATABASE_PASSWORD" }],
    command: [],
    arguments: [],
    startup: null,
    liveness: null,
    readiness: null,
    shutdownSeconds: 30,
    surge: true,
    volumes: [],
    schedule: null,
    retries: 3,
    timeLimitSeconds: null,
    autoscaling: null,
    exposure: "NONE",
    ...fields,
  };
}

/** An app that is not exposed, but for what is given. */
export function exposure(fields: Fields = {}) {
  return {
    mode: "NONE",
    state: "NONE",
    reason: null,
    message: "It is not exposed outside of its namespace.",
    address: null,
    url: null,
    reachableBy: "Other apps of its namespace.",
    portAnswers: true,
    isDemo: false,
    ...fields,
  };
}

export function status(fields: Fields = {}) {
  return {
    phase: "READY",
    message: "3 of 3 replicas are ready.",
    desiredReplicas: 3,
    readyReplicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
    conditions: [],
    ...fields,
  };
}

export function rollout(fields: Fields = {}) {
  return { revision: 1, complete: true, steps: [], cells: cells("READY", "READY", "READY"), ...fields };
}

/** A cell of revision 1 for each state. */
export function cells(...states: PodState[]) {
  return states.map((state, index) => ({
    podName: `engine-${index}`,
    revision: 1,
    isCurrent: true,
    state,
    reason: null,
  }));
}

export function revision(fields: Fields = {}) {
  return {
    id: "Revision:1",
    number: 1,
    cause: "DEPLOY",
    state: "APPLIED",
    message: null,
    createdAt: MOMENT,
    isCurrent: false,
    sourceRevision: null,
    spec: spec(),
    author: user(),
    changes: [],
    ...fields,
  };
}

export function plan(fields: Fields = {}) {
  return {
    id: "Plan:1",
    action: "CREATE",
    expiresAt: MOMENT,
    manifests: [{ kind: "Deployment", name: "engine", yaml: "kind: Deployment\n" }],
    diff: [{ kind: "Deployment", name: "engine", action: "CREATE", changes: [] }],
    quota: [],
    findings: [],
    changes: [],
    baseRevision: null,
    sourceRevision: null,
    ...fields,
  };
}

/** What a pasted text says of an app: no more than its image, but for what is given. */
export function pasted(fields: Fields = {}) {
  return {
    source: "DOCKER_RUN",
    name: null,
    image: "ghcr.io/ada/engine:1.4.2",
    port: null,
    size: null,
    resources: null,
    files: [],
    secretFiles: [],
    registryCredentials: null,
    replicas: null,
    kind: null,
    volumes: [],
    schedule: null,
    retries: null,
    timeLimitSeconds: null,
    autoscaling: null,
    environment: [],
    secrets: [],
    runAsUser: null,
    command: [],
    arguments: [],
    startup: null,
    liveness: null,
    readiness: null,
    shutdownSeconds: null,
    notes: [],
    leftOut: [],
    ...fields,
  };
}

const CHECKS = ["liveness", "readiness", "startup"];
const KINDS = [
  kind("WEB_SERVICE", "web service", "Deployment", ["exposure", "port", "replicas", "autoscaling", "surge", ...CHECKS]),
  kind("WORKER", "worker", "Deployment", ["replicas", "autoscaling", "surge", ...CHECKS]),
  kind("STATEFUL_SERVICE", "stateful service", "StatefulSet", ["exposure", "port", "replicas", "autoscaling", "volumes", ...CHECKS]),
  kind("SCHEDULED_JOB", "scheduled job", "CronJob", ["retries", "schedule", "timeLimitSeconds"]),
  kind("JOB", "job", "Job", ["retries", "timeLimitSeconds"]),
];

function kind(value: WorkloadKind, name: string, controller: string, fields: string[]) {
  return { kind: value, name, controller, fields };
}

export function workloadForm() {
  return { kinds: KINDS, sizes: SIZES, rules: RULES, exposures: [offer("NONE"), offer("PRIVATE"), offer("PUBLIC")] };
}

/** A mode of exposure; one with a `reason` is not offered, of another something may be `unchecked`. */
export function offer(mode: ExposureMode, reason: string | null = null, unchecked: string | null = null) {
  return { mode, reachableBy: `Reached as ${mode} says.`, reason, unchecked };
}

export const SIZES = [
  preset("S", 250, 256),
  preset("M", 500, 512),
  preset("L", 1000, 1024),
  preset("XL", 2000, 4096),
];

function preset(size: WorkloadSize, cpuLimitMillicores: number, memoryLimitMib: number) {
  const requests = { cpuRequestMillicores: cpuLimitMillicores / 2, memoryRequestMib: memoryLimitMib / 2 };
  return { size, resources: { ...requests, cpuLimitMillicores, memoryLimitMib } };
}

/** A rule of the form; what it leaves open is null. */
export function rule(field: string, fields: Fields = {}) {
  return {
    field,
    message: `${field} is not right.`,
    example: "an example",
    required: false,
    pattern: null,
    maxLength: null,
    minimum: null,
    maximum: null,
    atMost: null,
    maxItems: null,
    notBelow: null,
    uniqueAmong: [],
    ...fields,
  };
}

export const RULES = [
  rule("image", {
    required: true,
    pattern: String.raw`[a-z0-9.\-]+(:[0-9]+)?(/[a-z0-9_.\-]+)*(:[A-Za-z0-9_.\-]+)?`,
    maxLength: 512,
    message: "An image reference is registry/repository:tag.",
    example: "ghcr.io/ada/engine:1.4.2",
  }),
  rule("name", {
    required: true,
    pattern: String.raw`[a-z]([a-z0-9\-]*[a-z0-9])?`,
    maxLength: 46,
    message: "A name has lower-case letters, digits and hyphens.",
    example: "web-shop",
  }),
  rule("port", { minimum: 1, maximum: 65535, message: "A port is a number from 1 to 65535.", example: "8080" }),
  rule("replicas", { required: true, minimum: 0, maximum: 50, message: "An app has 0 to 50 replicas.", example: "3" }),
  rule("autoscaling.minReplicas", { required: true, minimum: 1, maximum: 50, message: "One replica at least." }),
  rule("autoscaling.maxReplicas", {
    required: true,
    minimum: 1,
    maximum: 50,
    notBelow: "autoscaling.minReplicas",
    message: "No lower than the least.",
    example: "6",
  }),
  rule("autoscaling.cpuPercent", { required: true, minimum: 1, maximum: 200, message: "CPU is 1 to 200 percent." }),
  rule("readiness.path", { pattern: "/[\\x21-\\x7e]*", message: "A path begins with a slash.", example: "/healthz" }),
  rule("runAsUser", { minimum: 1, message: "The user is a number from 1 up.", example: "1000" }),
  rule("environment.*.name", {
    required: true,
    pattern: "[A-Za-z_][A-Za-z0-9_]*",
    message: "A variable's name has letters, digits and underscores.",
    example: "LOG_LEVEL",
  }),
  rule("secrets.*.name", {
    required: true,
    pattern: "[A-Za-z_][A-Za-z0-9_]*",
    message: "A secret's name has letters, digits and underscores.",
    example: "DATABASE_PASSWORD",
  }),
];

/** An error of a mutation, of the type so named. */
export function userError(__typename: string, message: string, fields: Fields = {}) {
  return { __typename, message, path: [], ...fields };
}

/** A pod that serves, but for what is given. */
export function pod(fields: Fields = {}) {
  return {
    id: "Pod:1",
    name: "engine-1",
    revision: 1,
    isCurrent: true,
    state: "READY" satisfies PodState,
    ready: true,
    restarts: 0,
    reason: null,
    message: null,
    node: "node-1",
    ip: "10.0.0.1",
    createdAt: MOMENT,
    containers: [{ name: "app" }],
    ...fields,
  };
}

/** A line that the pod `engine-1` wrote; its message tells it from others. */
export function logLine(message: string, fields: Fields = {}) {
  return { podName: "engine-1", containerName: "app", at: MOMENT, message, isCut: false, cursor: `of ${message}`, ...fields };
}

/** A message of a stream of logs: these lines, but for what is given. */
export function logUpdate(lines: readonly Fields[], fields: Fields = {}) {
  const cursor = `after ${lines.map(({ message }) => message as string).at(-1) ?? "none"}`;
  return { kind: "LINES", cursor, lines, podName: null, containerNames: [], dropped: 0, ...fields };
}
