import { cacheExchange, type Cache, type Entity, type UpdateResolver } from "@urql/exchange-graphcache";
import type { Exchange } from "urql";

import type {
  DeleteVolumeClaimMutationVariables,
  DeleteWorkloadMutationVariables,
  NamespaceUpdatedSubscription,
  NamespaceUpdatedSubscriptionVariables,
  PauseReconciliationMutationVariables,
  RestoreWorkloadMutation,
  RestoreWorkloadMutationVariables,
} from "../gql/graphql";

const DIAGNOSES = [
  "CrashLoop",
  "ImagePullFailure",
  "MissingReference",
  "OutOfMemory",
  "PolicyRefusal",
  "PortMismatch",
  "ProbeFailure",
  "QuotaExhausted",
  "RolloutOverdue",
  "StartFailure",
  "TimeLimitExceeded",
  "Unschedulable",
];

/** Types without an id of their own: parts of the object that they are read from. */
export const PARTS = [
  ...DIAGNOSES,
  "Autoscaler",
  "Autoscaling",
  "Cluster",
  "Condition",
  "ConfigFile",
  "Container",
  "DeploymentUpdate",
  "EnvironmentVariable",
  "Evidence",
  "ExportedFile",
  "Exposure",
  "ExposureOffer",
  "FieldChange",
  "FieldConflict",
  "FieldRule",
  "ImageReference",
  "KindForm",
  "LeftOut",
  "LogLine",
  "LogUpdate",
  "Manifest",
  "MetricNoData",
  "MetricPoint",
  "MetricSeries",
  "MetricSourceDown",
  "Metrics",
  "MetricsUpdate",
  "NamespaceUpdate",
  "ObjectDiff",
  "ObjectReference",
  "PasteNote",
  "PastedRegistryCredentials",
  "PastedSecret",
  "PastedSecretFile",
  "PastedWorkload",
  "PolicyFinding",
  "Probe",
  "QuotaForecast",
  "QuotaUsage",
  "RateLimit",
  "RateLimitWindow",
  "RegistryCredentials",
  "Resources",
  "Rollout",
  "RolloutCell",
  "RolloutStep",
  "Schedule",
  "SecretFile",
  "SecretVariable",
  "SizePreset",
  "SuggestedFix",
  "TimelineUpdate",
  "ViewerCan",
  "Volume",
  "WorkloadChange",
  "WorkloadForm",
  "WorkloadSpec",
  "WorkloadStatus",
].sort();

/** The interfaces and unions of the schema. Without them a fragment on one is matched by a guess, which loses fields. */
export const POSSIBLE_TYPES = {
  Diagnosis: DIAGNOSES,
  DiagnosisDetails: DIAGNOSES,
  MetricResult: [
    "MetricNoData",
    "MetricSeries",
    "MetricSourceDown",
  ],
  Node: [
    "ApiToken",
    "Event",
    "Namespace",
    "Pod",
    "Revision",
    "Run",
    "TimelineEntry",
    "User",
    "VolumeClaim",
    "Webhook",
    "WebhookDelivery",
    "Workload",
  ],
  UserError: [
    "ClusterRefusedError",
    "IdempotencyConflictError",
    "InUseError",
    "InvalidInputError",
    "NameTakenError",
    "NamespaceTerminatingError",
    "NotFoundError",
    "PlanConflictError",
    "PlanExpiredError",
    "PolicyViolationError",
    "QuotaExceededError",
  ],
};

/** The normalised cache: what a subscription or a mutation brings shows wherever the object is on the page. */
export function createCache(): Exchange {
  return cacheExchange({
    possibleTypes: POSSIBLE_TYPES,
    keys: Object.fromEntries(PARTS.map((type) => [type, () => null])),
    updates: {
      Mutation: {
        createNamespace: (_result, _input, cache) => forget(cache, "Query", "namespaces"),
        deleteNamespace: (_result, _input, cache) => forget(cache, "Query", "namespaces"),
        deployWorkload: (_result, _input, cache) => forgetListsOfApps(cache),
        deleteWorkload: (_result, { input }: DeleteWorkloadMutationVariables, cache) => {
          forgetListsOfApps(cache);
          cache.invalidate("Query", "workload", { namespace: input.namespace, name: input.name });
        },
        deleteVolumeClaim: (_result, { input }: DeleteVolumeClaimMutationVariables, cache) => {
          const namespace = cache.resolve("Query", "namespace", { slug: input.namespace });
          if (typeof namespace === "string") forget(cache, namespace, "volumeClaims");
        },
        restoreWorkload: forgetDeletion,
        updateNamespace: (_result, { input }: PauseReconciliationMutationVariables, cache) => {
          const namespace = cache.resolve("Query", "namespace", { slug: input.slug });
          if (typeof namespace === "string") forget(cache, namespace, "timeline");
        },
        createApiToken: (_result, _input, cache) => forget(cache, "Query", "viewer"),
        revokeApiToken: (_result, _input, cache) => forget(cache, "Query", "viewer"),
      },
      Subscription: { namespaceUpdated: noteUpdatesOfNamespaces() },
    },
  });
}

/** What the page's lists lack, or have no more, makes it ask for them again. */
function noteUpdatesOfNamespaces(): UpdateResolver {
  const snapshots = new Map<string, Set<string>>();
  return (result, variables, cache) => {
    const { slug } = variables as NamespaceUpdatedSubscriptionVariables;
    const { namespaceUpdated: update } = result as unknown as NamespaceUpdatedSubscription;
    const namespace = cache.resolve("Query", "namespace", { slug });
    if (typeof namespace !== "string") return;
    if (update.workloadId) noteUpdatedWorkload(cache, namespace, update);
    const whole = wholeSnapshot(snapshots, slug, update);
    if (whole) forgetWhatIsGone(cache, namespace, whole);
  };
}

function noteUpdatedWorkload(cache: Cache, namespace: string, update: NamespaceUpdate): void {
  listWorkload(cache, namespace, update);
  tellLatestEntry(cache, namespace, update);
}

/** Gathers the apps of a snapshot, which is whole with the first message that has a cursor; null until then. */
function wholeSnapshot(snapshots: Map<string, Set<string>>, slug: string, update: NamespaceUpdate): Set<string> | null {
  const { kind, cursor, workloadId } = update;
  if (kind === "RESET") snapshots.set(slug, new Set());
  if (kind === "SNAPSHOT") snapshots.set(slug, (snapshots.get(slug) ?? new Set()).add(`Workload:${workloadId}`));
  if (cursor == null) return null;
  const whole = snapshots.get(slug) ?? null;
  snapshots.delete(slug);
  return whole;
}

/** Apps that were deleted while nobody could tell are in no snapshot. */
function forgetWhatIsGone(cache: Cache, namespace: string, there: Set<string>): void {
  if (listedWorkloads(cache, namespace).every((app) => there.has(app as string))) return;
  forgetWorkloads(cache, namespace);
  forget(cache, namespace, "timeline");
}

type NamespaceUpdate = NamespaceUpdatedSubscription["namespaceUpdated"];

function listWorkload(cache: Cache, namespace: string, update: NamespaceUpdate): void {
  const listed = listedWorkloads(cache, namespace).includes(`Workload:${update.workloadId}`);
  if (listed !== Boolean(update.workload)) forgetWorkloads(cache, namespace);
}

/** Something happened to an app since the timeline of its namespace was read. A deletion is of no app that there is. */
function tellLatestEntry(cache: Cache, namespace: string, { workload }: NamespaceUpdate): void {
  const [latest] = workload?.timeline?.edges ?? [];
  const entry = latest && `TimelineEntry:${latest.node.id}`;
  const isTold = (page: string) => entry !== undefined && nodes(cache, page).includes(entry);
  const firstPages = fieldsOf(cache, namespace, "timeline").filter(({ arguments: given }) => given?.["after"] == null);
  const isBehind = firstPages.some(({ fieldKey }) => !isTold(cache.resolve(namespace, fieldKey) as string));
  if (isBehind && (entry !== undefined || !workload)) forget(cache, namespace, "timeline");
}

/** An app that is back: its page may have said that there is none. */
const forgetDeletion: UpdateResolver = (result, { input }: RestoreWorkloadMutationVariables, cache) => {
  const workload = (result as unknown as RestoreWorkloadMutation).restoreWorkload?.workload;
  if (!workload) return;
  forgetListsOfApps(cache);
  cache.invalidate("Query", "workload", { namespace: input.namespace, name: workload.name });
};

function listedWorkloads(cache: Cache, namespace: string): unknown[] {
  return fieldsOf(cache, namespace, "workloads").flatMap(({ fieldKey }) =>
    nodes(cache, cache.resolve(namespace, fieldKey) as string),
  );
}

/** What is listed on a page of a connection. */
function nodes(cache: Cache, page: string): unknown[] {
  return ((cache.resolve(page, "edges") ?? []) as string[]).map((edge) => cache.resolve(edge, "node"));
}

/** A field of an object as the cache has it: once for each of the arguments that it was asked with. */
function fieldsOf(cache: Cache, entity: Entity, fieldName: string) {
  return cache.inspectFields(entity).filter((field) => field.fieldName === fieldName);
}

function forgetListsOfApps(cache: Cache): void {
  for (const field of cache.inspectFields("Query")) {
    if (field.fieldName !== "namespace") continue;
    const namespace = cache.resolve("Query", field.fieldKey);
    if (typeof namespace === "string") forgetWorkloads(cache, namespace);
  }
}

function forgetWorkloads(cache: Cache, namespace: string): void {
  forget(cache, namespace, "workloads");
  forget(cache, namespace, "deletedWorkloads");
}

function forget(cache: Cache, entity: Entity, fieldName: string): void {
  for (const field of fieldsOf(cache, entity, fieldName)) {
    cache.invalidate(entity, field.fieldName, field.arguments ?? undefined);
  }
}
