import { Panel } from "../../components/Panel/Panel";
import { RolloutStrip } from "../../components/RolloutStrip/RolloutStrip";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { runsToAnEnd } from "./kind";
import classes from "./RolloutPanel.module.css";
import { RolloutSteps } from "./RolloutSteps";

const RolloutPanelFragment = graphql(`
  fragment RolloutPanel_workload on Workload {
    id
    spec {
      kind
    }
    status {
      phase
      message
      readyReplicas
      desiredReplicas
    }
    rollout {
      ...RolloutStrip_rollout
      ...RolloutSteps_rollout
    }
  }
`);

/** The rollout as it happens: how many pods are ready, each pod, and the steps that the server goes through. */
export function RolloutPanel({ workload }: { workload: FragmentType<typeof RolloutPanelFragment> }) {
  const { spec, status, rollout } = readFragment(RolloutPanelFragment, workload);
  const isJob = runsToAnEnd(spec.kind);
  return (
    <Panel title={isJob ? "Latest run" : "Rollout"}>
      <div className={classes.rollout}>
        <div className={classes.head}>
          {!isJob && (
            <p className={classes.ready}>
              <output aria-label="Ready pods">
                {status.readyReplicas}/{status.desiredReplicas}
              </output>{" "}
              <span>ready</span>
            </p>
          )}
          <p className={classes.message} data-phase={status.phase} role="status" aria-label="Status">
            {status.message}
          </p>
        </div>
        <RolloutStrip rollout={rollout} />
        <RolloutSteps rollout={rollout} told={status.message} />
      </div>
    </Panel>
  );
}
