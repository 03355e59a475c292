import { useSearchParams } from "react-router";

import { RangeControl } from "../../components/MetricChart/RangeControl";
import { rangeOf } from "../../components/MetricChart/range";
import { Panel } from "../../components/Panel/Panel";
import { graphql, readFragment } from "../../gql";
import { AppCharts } from "./AppCharts";
import { AutoscalerPanel } from "./AutoscalerPanel";
import classes from "./AppPage.module.css";
import { Conditions } from "./Conditions";
import { Description } from "./Description";
import { DiagnosisPanel } from "./DiagnosisPanel";
import { ExposurePanel } from "./ExposurePanel";
import { RolloutPanel } from "./RolloutPanel";
import type { TabProps } from "./tab";
import { VolumesPanel } from "./VolumesPanel";

const OverviewTabFragment = graphql(`
  fragment OverviewTab_workload on Workload {
    id
    ...RolloutPanel_workload
    ...AutoscalerPanel_workload
    ...DiagnosisPanel_workload
    ...ExposurePanel_workload
    ...Description_workload
    ...VolumesPanel_workload
    status {
      ...Conditions_status
    }
  }
`);

/** Where the rollout is, what the app is, and what it uses. */
export function OverviewTab({ slug, name, workload: shown }: TabProps) {
  const workload = readFragment(OverviewTabFragment, shown);
  const [search] = useSearchParams();
  return (
    <div className={classes.page}>
      <RolloutPanel workload={workload} />
      <DiagnosisPanel slug={slug} workload={workload} />
      <ExposurePanel workload={workload} />
      <AutoscalerPanel workload={workload} />
      <div className={classes.columns}>
        <Panel title="Usage" aside={<RangeControl />}>
          <AppCharts slug={slug} name={name} range={rangeOf(search)} />
        </Panel>
        <Panel title="Description">
          <Description workload={workload} />
        </Panel>
      </div>
      <VolumesPanel workload={workload} />
      <Panel title="Conditions" flush>
        <Conditions status={workload.status} />
      </Panel>
    </div>
  );
}
