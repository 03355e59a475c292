import { cacheExchange, type Cache, type Entity, type UpdateResolver } from "@urql/exchange-graphcache";
import type { Exchange } from "urql";

import type {
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
  "Manifest",
  "MetricNoData",
  "MetricPoint",
  "MetricSeries",
  "MetricSourceDown",
  "Metrics",
  "NamespaceUpdate",
  "ObjectDiff",
  "ObjectReference",
  "PastedRegistryCredentials",
  "PastedSecret",
  "PastedSecretFile",
  "PastedWorkload",
  "PolicyFinding",
  "Probe",
  "QuotaForecast",
  "QuotaUsage",
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
  "Volume",
  "WorkloadForm",
  "WorkloadSpec",
  "WorkloadStatus",
].sort();

/** The interfaces and unions of the schema. Without them a fragment on one is matched by a guess, which loses fields. */
export const POSSIBLE_TYPES = {
  Diagnosis: DIAGNOSES,
  DiagnosisDetails: DIAGNOSES,
  MetricResult: ["MetricNoData", "MetricSeries", "MetricSourceDown"],
  Node: ["ApiToken", "Event", "Namespace", "Pod", "Revision", "Run", "TimelineEntry", "User", "VolumeClaim", "Workload"],
  UserError: [
    "ClusterRefusedError",
    "IdempotencyConflictError",
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
        restoreWorkload: forgetDeletion,
        updateNamespace: (_result, { input }: PauseReconciliationMutationVariables, cache) => {
          const namespace = cache.resolve("Query", "namespace", { slug: input.slug });
          if (typeof namespace === "string") forget(cache, namespace, "timeline");
        },
        createApiToken: (_result, _input, cache) => forget(cache, "Query", "viewer"),
        revokeApiToken: (_result, _input, cache) => forget(cache, "Query", "viewer"),
      },
      Subscription: { namespaceUpdated: listUpdatedWorkload },
    },
  });
}

/** An app that the list does not have yet, or has no more, makes the page ask for its list again. */
const listUpdatedWorkload: UpdateResolver = (result, { slug }: NamespaceUpdatedSubscriptionVariables, cache) => {
  const { namespaceUpdated: update } = result as unknown as NamespaceUpdatedSubscription;
  const namespace = cache.resolve("Query", "namespace", { slug });
  if (typeof namespace !== "string") return;
  const listed = listedWorkloads(cache, namespace).includes(`Workload:${update.workloadId}`);
  if (listed === Boolean(update.workload)) return;
  forget(cache, namespace, "workloads");
  forget(cache, namespace, "deletedWorkloads");
};

/** An app that is back: its page may have said that there is none. */
const forgetDeletion: UpdateResolver = (result, { input }: RestoreWorkloadMutationVariables, cache) => {
  const { workload } = (result as unknown as RestoreWorkloadMutation).restoreWorkload;
  if (!workload) return;
  forgetListsOfApps(cache);
  cache.invalidate("Query", "workload", { namespace: input.namespace, name: workload.name });
};

function listedWorkloads(cache: Cache, namespace: string): unknown[] {
  return cache
    .inspectFields(namespace)
    .filter((field) => field.fieldName === "workloads")
    .flatMap((field) => cache.resolve(cache.resolve(namespace, field.fieldKey) as string, "edges") as string[])
    .map((edge) => cache.resolve(edge, "node"));
}

function forgetListsOfApps(cache: Cache): void {
  for (const field of cache.inspectFields("Query")) {
    if (field.fieldName !== "namespace") continue;
    const namespace = cache.resolve("Query", field.fieldKey);
    if (typeof namespace !== "string") continue;
    forget(cache, namespace, "workloads");
    forget(cache, namespace, "deletedWorkloads");
  }
}

function forget(cache: Cache, entity: Entity, fieldName: string): void {
  for (const field of cache.inspectFields(entity)) {
    if (field.fieldName === fieldName) cache.invalidate(entity, field.fieldName, field.arguments ?? undefined);
  }
}
