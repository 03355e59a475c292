import { Notice } from "../../../components/FailureNotice/Notice";
import { Changes } from "../../../components/Changes/Changes";
import { graphql, readFragment, type FragmentType } from "../../../gql";
import { PlanQuota } from "../../app-form/PlanQuota";

const RollbackPlanFragment = graphql(`
  fragment RollbackPlan_plan on WorkloadPlan {
    id
    baseRevision
    changes {
      path
      ...Changes_change
    }
    quota {
      hard
      most
      fits
    }
    findings {
      severity
      message
    }
    ...PlanQuota_plan
  }
`);

const SECRET = /^(secrets\[|secretFiles\[|registryCredentials\.password$)/;

/** What going back would change, what the cluster says of it, and the quota where that would be short. */
export function RollbackPlan({ plan: shown }: { plan: FragmentType<typeof RollbackPlanFragment> }) {
  const plan = readFragment(RollbackPlanFragment, shown);
  const isShort = plan.quota.some(({ hard, most, fits }) => !fits || most > hard);
  return (
    <>
      <p>
        {plan.changes.length > 0
          ? `A new revision changes this of revision ${plan.baseRevision}, which is current:`
          : `Nothing of its description differs from revision ${plan.baseRevision}, which is current.`}
      </p>
      <Changes changes={plan.changes} />
      {plan.changes.some(({ path }) => SECRET.test(path)) && (
        <p className="dim">Secrets get the values that they had then. Values are never shown.</p>
      )}
      {plan.findings.map(({ severity, message }) => (
        <Notice
          key={message}
          tone={severity === "REFUSAL" ? "failure" : "attention"}
          title={severity === "REFUSAL" ? "This would be refused" : "Worth a look before you roll back"}
        >
          <p>{message}</p>
        </Notice>
      ))}
      {isShort && <PlanQuota plan={plan} />}
    </>
  );
}
