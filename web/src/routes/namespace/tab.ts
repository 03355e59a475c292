import type { FragmentType } from "../../gql";
import type { OverviewTab_NamespaceFragmentDoc, SettingsTab_NamespaceFragmentDoc } from "../../gql/graphql";

/** What every tab of the namespace page is given. */
export interface TabProps {
  slug: string;
  namespace: FragmentType<typeof OverviewTab_NamespaceFragmentDoc> & FragmentType<typeof SettingsTab_NamespaceFragmentDoc>;
}
