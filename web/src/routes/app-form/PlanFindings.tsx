import { Notice } from "../../components/FailureNotice/Notice";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { FixButton } from "./FixButton";

const PlanFindingsFragment = graphql(`
  fragment PlanFindings_plan on WorkloadPlan {
    findings {
      severity
      message
      fix {
        ...FixButton_fix
      }
    }
  }
`);

export interface PlanFindingsProps {
  plan: FragmentType<typeof PlanFindingsFragment>;
  onFix: (path: readonly string[], json: string) => void;
}

/** What the cluster's policy says of it, each with its fix where there is one. */
export function PlanFindings({ plan, onFix }: PlanFindingsProps) {
  return readFragment(PlanFindingsFragment, plan).findings.map(({ severity, message, fix }) => (
    <Notice
      key={message}
      tone={severity === "REFUSAL" ? "failure" : "attention"}
      title={severity === "REFUSAL" ? "This would be refused" : "Worth a look before you deploy"}
    >
      <p>{message}</p>
      {fix && <FixButton fix={fix} onFix={onFix} />}
    </Notice>
  ));
}
