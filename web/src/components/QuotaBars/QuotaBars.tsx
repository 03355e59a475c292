import { graphql, readFragment, type FragmentType } from "../../gql";
import { formatValue, resourceTitle } from "../../format/units";
import { EmptyState } from "../EmptyState/EmptyState";
import { NotRead } from "../NotRead/NotRead";
import { Meter } from "./Meter";
import classes from "./QuotaBars.module.css";

const QuotaBarsFragment = graphql(`
  fragment QuotaBars_namespace on Namespace {
    quota {
      resource
      unit
      used
      hard
    }
  }
`);

/** What the namespace uses of its quota, a bar each. A quota of zero forbids something, and has no bar. */
export function QuotaBars({ namespace }: { namespace: FragmentType<typeof QuotaBarsFragment> }) {
  const read = readFragment(QuotaBarsFragment, namespace).quota;
  if (!read) return <NotRead what="The quota" />;
  const quota = read.filter((each) => each.hard > 0);
  if (quota.length === 0) return <EmptyState icon="scale">The cluster has not counted this namespace yet.</EmptyState>;
  return (
    <ul className={classes.bars}>
      {quota.map(({ resource, unit, used, hard }) => (
        <li key={resource}>
          <div className={classes.line}>
            <span>{resourceTitle(resource)}</span>
            <span className={classes.amounts}>
              <strong>{formatValue(used, unit)}</strong> of {formatValue(hard, unit)}
            </span>
          </div>
          <Meter label={resourceTitle(resource)} value={used} most={hard} />
        </li>
      ))}
    </ul>
  );
}
