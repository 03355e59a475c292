import { useSubscription, type SubscriptionHandler } from "urql";

import { graphql } from "../../gql";
import type { AppUpdatedSubscription } from "../../gql/graphql";
import { failureOf } from "../../graph/errors";

const AppUpdated = graphql(`
  subscription AppUpdated(
    $slug: String!
    $name: String!
    $runs: Boolean!
    $pods: Boolean!
    $logs: Boolean!
    $events: Boolean!
    $revisions: Boolean!
    $timeline: Boolean!
    $after: String
  ) {
    deploymentUpdated(namespace: $slug, name: $name, after: $after) {
      kind
      cursor
      workload {
        id
        namespace {
          id
          ...PausedNotice_namespace
        }
        status {
          ...StatusBadge_status
        }
        ...AppActions_workload
        ...OverviewTab_workload
        ...RunsTab_workload @include(if: $runs)
        ...PodsTab_workload @include(if: $pods)
        ...LogsTab_workload @include(if: $logs)
        ...EventsTab_workload @include(if: $events)
        ...RevisionsTab_workload @include(if: $revisions)
        timeline(first: 25) @include(if: $timeline) {
          ...TimelineTab_page
        }
      }
    }
  }
`);

export interface AppUpdatesOptions {
  slug: string;
  name: string;
  tab: string;
  pause: boolean;
}

/**
 * Watches an app: what changes goes into the cache, and from there onto the page, the open tab's lists too. One that was
 * deleted while nobody could tell is not found when it is watched again.
 */
export function useAppUpdates({ slug, name, tab, pause }: AppUpdatesOptions): { isDeleted: boolean } {
  const variables = {
    slug,
    name,
    runs: tab === "runs",
    pods: tab === "pods",
    logs: tab === "logs",
    events: tab === "events",
    revisions: tab === "revisions",
    timeline: tab === "timeline",
  };
  const [{ data: isDeleted = false, error }] = useSubscription({ query: AppUpdated, variables, pause }, noteDeletion);
  return { isDeleted: isDeleted || failureOf(error).code === "NOT_FOUND" };
}

/** What follows about the stream itself, as SYNCED and LAGGED, does not bring an app back. */
const noteDeletion: SubscriptionHandler<AppUpdatedSubscription, boolean> = (isDeleted = false, { deploymentUpdated }) =>
  deploymentUpdated.kind === "DELETED" || (isDeleted && !deploymentUpdated.workload);
