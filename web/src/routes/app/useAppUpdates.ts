import { useSubscription } from "urql";

import { graphql } from "../../gql";
import { failureOf } from "../../graph/errors";

const AppUpdated = graphql(`
  subscription AppUpdated(
    $slug: String!
    $name: String!
    $runs: Boolean!
    $pods: Boolean!
    $events: Boolean!
    $revisions: Boolean!
    $timeline: Boolean!
  ) {
    deploymentUpdated(namespace: $slug, name: $name) {
      kind
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
    events: tab === "events",
    revisions: tab === "revisions",
    timeline: tab === "timeline",
  };
  const [{ data, error }] = useSubscription({ query: AppUpdated, variables, pause });
  return { isDeleted: data?.deploymentUpdated.kind === "DELETED" || failureOf(error).code === "NOT_FOUND" };
}
