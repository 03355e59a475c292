import { EventList } from "../../components/EventList/EventList";
import { RangeControl } from "../../components/MetricChart/RangeControl";
import { UsageCharts } from "../../components/MetricChart/UsageCharts";
import { NotRead } from "../../components/NotRead/NotRead";
import { Panel } from "../../components/Panel/Panel";
import { QuotaBars } from "../../components/QuotaBars/QuotaBars";
import { graphql, readFragment } from "../../gql";
import { DeletedNotice } from "./DeletedNotice";
import classes from "./NamespacePage.module.css";
import { RecentlyDeleted } from "./RecentlyDeleted";
import type { TabProps } from "./tab";
import { WorkloadList } from "./WorkloadList";

const OverviewTabFragment = graphql(`
  fragment OverviewTab_namespace on Namespace {
    id
    workloads(first: 100) {
      ...WorkloadList_workloads
    }
    deletedWorkloads(first: 100) {
      edges {
        node {
          id
        }
      }
    }
    ...DeletedNotice_namespace
    ...RecentlyDeleted_namespace
    ...QuotaBars_namespace
    metrics(range: $range) {
      ...UsageCharts_metrics
    }
    events(first: 20) {
      ...EventList_events
    }
  }
`);

/** The apps as they move, those that can be brought back, and what all of them use. */
export function OverviewTab({ slug, namespace: shown }: TabProps) {
  const namespace = readFragment(OverviewTabFragment, shown);
  return (
    <div className={classes.page}>
      <DeletedNotice namespace={namespace} />
      <Panel title="Apps" flush>
        {namespace.workloads ? (
          <WorkloadList
            slug={slug}
            workloads={namespace.workloads}
            hasDeleted={(namespace.deletedWorkloads?.edges ?? []).length > 0}
          />
        ) : (
          <NotRead what="The list of apps" />
        )}
      </Panel>
      <RecentlyDeleted namespace={namespace} />
      <div className={classes.columns}>
        <Panel title="Usage over time" aside={<RangeControl />}>
          <UsageCharts metrics={namespace.metrics} />
        </Panel>
        <Panel title="Usage against quota">
          <QuotaBars namespace={namespace} />
        </Panel>
      </div>
      <Panel title="Events" flush>
        <EventList events={namespace.events} />
      </Panel>
    </div>
  );
}
