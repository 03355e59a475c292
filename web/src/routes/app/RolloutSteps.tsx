import { Icon, type IconName } from "../../components/Icon/Icon";
import { word } from "../../format/words";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { StepState } from "../../gql/graphql";
import classes from "./RolloutPanel.module.css";

const RolloutStepsFragment = graphql(`
  fragment RolloutSteps_rollout on Rollout {
    steps {
      name
      title
      state
      message
    }
  }
`);

const SIGNS: Record<StepState, IconName> = { PENDING: "minus", RUNNING: "waves", DONE: "check", FAILED: "cross" };

export interface RolloutStepsProps {
  rollout: FragmentType<typeof RolloutStepsFragment>;
  /** What stands above the steps already: a step does not say it again. */
  told: string;
}

/** The steps of the rollout, as the server sees them. */
export function RolloutSteps({ rollout, told }: RolloutStepsProps) {
  const { steps } = readFragment(RolloutStepsFragment, rollout);
  return (
    <ol className={classes.steps} aria-label="Steps">
      {steps.map(({ name, title, state, message }) => (
        <li key={name} className={classes.step} data-state={state}>
          <span className={classes.stepHead}>
            <span className={classes.sign}>
              <Icon name={SIGNS[state]} size={14} />
            </span>
            {title}
            <span className="visually-hidden">: {word(state)}</span>
          </span>
          {message && !told.includes(message) && <span className={classes.stepMessage}>{message}</span>}
        </li>
      ))}
    </ol>
  );
}
