import { Skeleton } from "@mantine/core";
import { useParams, useSearchParams } from "react-router";

import { PageHeader } from "../../components/PageHeader/PageHeader";
import { PausedNotice } from "../../components/Reconciliation/PausedNotice";
import { StatusBadge } from "../../components/StatusBadge/StatusBadge";
import { RouteTabs } from "../../components/Tabs/RouteTabs";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import { AbsentApp } from "./AbsentApp";
import { AppActions } from "./actions/AppActions";
import { EventsTab } from "./EventsTab";
import { LogsTab } from "./logs/LogsTab";
import { ManifestTab } from "./ManifestTab";
import { runsToAnEnd } from "./kind";
import { MetricsTab } from "./MetricsTab";
import { OverviewTab } from "./OverviewTab";
import { PodsTab } from "./PodsTab";
import { RevisionsTab } from "./RevisionsTab";
import { RunsTab } from "./RunsTab";
import { TimelineTab } from "./TimelineTab";
import classes from "./AppPage.module.css";
import { useAppUpdates } from "./useAppUpdates";

const AppQuery = graphql(`
  query App($slug: String!, $name: String!) {
    workload(namespace: $slug, name: $name) {
      id
      name
      namespace {
        id
        name
        ...PausedNotice_namespace
      }
      status {
        ...StatusBadge_status
      }
      spec {
        kind
      }
      ...AppActions_workload
      ...OverviewTab_workload
    }
  }
`);

const TABS = {
  overview: OverviewTab,
  runs: RunsTab,
  pods: PodsTab,
  logs: LogsTab,
  events: EventsTab,
  revisions: RevisionsTab,
  timeline: TimelineTab,
  metrics: MetricsTab,
  manifest: ManifestTab,
};
type Tab = keyof typeof TABS;
const TAB_NAMES = Object.keys(TABS) as Tab[];

/** An app as it runs: one query, kept up to date by one subscription. */
export function AppPage() {
  const { slug = "", name = "" } = useParams();
  const [search] = useSearchParams();
  const tab = TAB_NAMES.find((each) => each === search.get("tab")) ?? "overview";
  const data = usePageQuery({ query: AppQuery, variables: { slug, name } });
  const { isDeleted } = useAppUpdates({ slug, name, tab, pause: !data?.workload });
  if (!data) return <Skeleton height={320} radius="md" />;
  if (isDeleted || !data.workload) return <AbsentApp slug={slug} name={name} isDeleted={isDeleted} />;
  const workload = data.workload;
  const crumbs = [
    { title: "Namespaces", to: "/namespaces" },
    { title: workload.namespace?.name ?? slug, to: `/namespaces/${slug}` },
  ];
  const Content = TABS[tab];
  const tabs = runsToAnEnd(workload.spec.kind) ? TAB_NAMES : TAB_NAMES.filter((each) => each !== "runs");
  return (
    <>
      <PageHeader
        crumbs={crumbs}
        title={workload.name}
        badge={<StatusBadge status={workload.status} />}
        tabs={<RouteTabs label="App" tabs={tabs} current={tab} />}
        actions={<AppActions slug={slug} workload={workload} />}
      />
      <div className={classes.page}>
        {workload.namespace && <PausedNotice namespace={workload.namespace} />}
        <Content slug={slug} name={name} workload={workload} />
      </div>
    </>
  );
}
