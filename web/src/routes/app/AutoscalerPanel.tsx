import { Age } from "../../components/Age/Age";
import { Notice } from "../../components/FailureNotice/Notice";
import { Fact, Facts } from "../../components/Panel/Facts";
import { Panel } from "../../components/Panel/Panel";
import { graphql, readFragment, type FragmentType } from "../../gql";

const AutoscalerPanelFragment = graphql(`
  fragment AutoscalerPanel_workload on Workload {
    id
    autoscaler {
      state
      message
      currentReplicas
      desiredReplicas
      cpuPercent
      memoryPercent
      lastScaledAt
    }
  }
`);

const TITLES = { UNABLE: "It does not scale just now", LIMITED: "It has come to its most" } as const;

/** What the app's autoscaler does, and what keeps it from doing that; nothing for an app that has none. */
export function AutoscalerPanel({ workload }: { workload: FragmentType<typeof AutoscalerPanelFragment> }) {
  const { autoscaler } = readFragment(AutoscalerPanelFragment, workload);
  if (!autoscaler) return null;
  const { state, message, currentReplicas, desiredReplicas, cpuPercent, memoryPercent, lastScaledAt } = autoscaler;
  return (
    <Panel title="Autoscaling">
      {state === "UNABLE" || state === "LIMITED" ? (
        <Notice tone="attention" title={TITLES[state]}>
          <p>{message}</p>
        </Notice>
      ) : (
        <p>{message}</p>
      )}
      <Facts>
        <Fact name="Pods">
          {currentReplicas === desiredReplicas ? desiredReplicas : `${currentReplicas}, ${desiredReplicas} asked for`}
        </Fact>
        <Fact name="CPU">{percent(cpuPercent)}</Fact>
        {memoryPercent != null && <Fact name="Memory">{percent(memoryPercent)}</Fact>}
        <Fact name="Scaled">{lastScaledAt ? <Age of={lastScaledAt} /> : "never"}</Fact>
      </Facts>
    </Panel>
  );
}

function percent(value: number | null | undefined): string {
  return value == null ? "not read" : `${value}% of what is set aside`;
}
