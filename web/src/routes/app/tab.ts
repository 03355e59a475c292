import type { FragmentType } from "../../gql";
import type { OverviewTab_WorkloadFragmentDoc } from "../../gql/graphql";

/** What every tab of the app page is given; all but the first read the rest themselves when they are opened. */
export interface TabProps {
  slug: string;
  name: string;
  workload: FragmentType<typeof OverviewTab_WorkloadFragmentDoc>;
}
