import { Meter } from "../../components/QuotaBars/Meter";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { formatValue, resourceTitle } from "../../format/units";
import classes from "./Plan.module.css";

const PlanQuotaFragment = graphql(`
  fragment PlanQuota_plan on WorkloadPlan {
    quota {
      resource
      unit
      after
      peak
      most
      hard
      fits
    }
  }
`);

/** The quota once it is deployed, and at the rollout's peak, when old and new pods run beside each other. */
export function PlanQuota({ plan }: { plan: FragmentType<typeof PlanQuotaFragment> }) {
  const quota = readFragment(PlanQuotaFragment, plan).quota.filter((each) => each.hard > 0);
  return (
    <ul className={classes.quota} aria-label="Quota after this deploy">
      {quota.map(({ resource, unit, after, peak, most, hard, fits }) => (
        <li key={resource}>
          <div className={classes.quotaLine}>
            <span>{resourceTitle(resource)}</span>
            <span className="number">
              {formatValue(after, unit)} of {formatValue(hard, unit)}
            </span>
          </div>
          <Meter label={`${resourceTitle(resource)} after this deploy`} value={after} peak={peak} most={hard} />
          {peak > after && (
            <p className={classes.peak} data-fits={fits}>
              {formatValue(peak, unit)} at the rollout&apos;s peak{fits ? "" : ", which does not fit"}
            </p>
          )}
          {most > after && (
            <p className={classes.peak} data-fits={most <= hard}>
              {formatValue(most, unit)} where autoscaling asks for its most{most <= hard ? "" : ", which does not fit"}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
