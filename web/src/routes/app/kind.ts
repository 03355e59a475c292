import type { WorkloadKind } from "../../gql/graphql";

/** Whether an app of the kind does a piece of work and ends, instead of serving. */
export function runsToAnEnd(kind: WorkloadKind): boolean {
  return kind === "JOB" || kind === "SCHEDULED_JOB";
}
