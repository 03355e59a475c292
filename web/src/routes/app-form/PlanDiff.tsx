import { Changes } from "../../components/Changes/Changes";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { word } from "../../format/words";
import classes from "./Plan.module.css";

const PlanDiffFragment = graphql(`
  fragment PlanDiff_plan on WorkloadPlan {
    diff {
      kind
      name
      action
      changes {
        ...Changes_change
      }
    }
  }
`);

/** Each object with what would change in it. */
export function PlanDiff({ plan }: { plan: FragmentType<typeof PlanDiffFragment> }) {
  return (
    <ul className={classes.objects} aria-label="Changes">
      {readFragment(PlanDiffFragment, plan).diff.map(({ kind, name, action, changes }) => (
        <li key={`${kind}/${name}`}>
          <div className={classes.object}>
            <span className={classes.action} data-action={action}>
              {word(action)}
            </span>
            <span className="mono">
              {kind}/{name}
            </span>
          </div>
          {action === "UPDATE" && <Changes changes={changes} />}
        </li>
      ))}
    </ul>
  );
}
