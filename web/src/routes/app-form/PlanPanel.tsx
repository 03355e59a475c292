import { Anchor, Button, Tabs } from "@mantine/core";
import { Link } from "react-router";

import { EmptyState } from "../../components/EmptyState/EmptyState";
import { FailureNotice } from "../../components/FailureNotice/FailureNotice";
import { Notice } from "../../components/FailureNotice/Notice";
import { MergeView } from "../../components/MergeView/MergeView";
import { Panel } from "../../components/Panel/Panel";
import { UserErrors } from "../../components/UserErrors/UserErrors";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { FixButton } from "./FixButton";
import classes from "./Plan.module.css";
import { PlanDiff } from "./PlanDiff";
import { PlanFindings } from "./PlanFindings";
import { PlanQuota } from "./PlanQuota";
import type { Deploying } from "./useDeploy";
import type { Planning } from "./usePlan";

const PlanPanelFragment = graphql(`
  fragment PlanPanel_plan on WorkloadPlan {
    id
    action
    manifests {
      kind
      name
      yaml
    }
    ...PlanDiff_plan
    ...PlanFindings_plan
    ...PlanQuota_plan
  }
`);

/** The revision of an app that is not there, any more or yet: one that comes meanwhile is refused. */
const NONE = 0;

export interface PlanPanelProps {
  slug: string;
  /** The name that was given to a new app; null where the form is of one that is there. */
  newName: string | null;
  planning: Planning;
  deploying: Deploying;
  onFix: (path: readonly string[], json: string) => void;
  /** Plan what the form says; over `seen` too, the revision of somebody else's that was shown (null: whichever it is). */
  onPlanAgain: (seen?: number | null) => void;
}

/** What deploying would do, and the button that does just that. */
export function PlanPanel({ planning, ...rest }: PlanPanelProps) {
  const { plan, refusals, error, isBusy, isOutdated } = planning;
  const { onFix, onPlanAgain } = rest;
  return (
    <Panel title="Plan">
      <p role="status" className="visually-hidden">
        {isBusy ? "The plan is being made." : plan && "The plan is ready."}
      </p>
      {plan && <Plan plan={plan} {...rest} />}
      {error && <FailureNotice error={error} onRetry={() => onPlanAgain()} />}
      {refusals.length > 0 && (
        <Notice tone="failure" title="This cannot be deployed as it is">
          {refusals.map((refusal) => (
            <div key={refusal.message} className={classes.refusal}>
              <p>{refusal.message}</p>
              {"fix" in refusal && refusal.fix && <FixButton fix={refusal.fix} onFix={onFix} />}
              {refusal.__typename === "PlanConflictError" && (
                <>
                  <MergeView error={refusal} />
                  <Button size="xs" variant="default" onClick={() => onPlanAgain(refusal.revision ?? NONE)}>
                    Replace it with what I have here
                  </Button>
                </>
              )}
            </div>
          ))}
        </Notice>
      )}
      {!plan && !error && refusals.length === 0 && (
        <EmptyState icon="waves">
          {isOutdated && !isBusy
            ? "The form has changed since the plan was made. Review the plan again."
            : "Review the plan to see what the cluster would make of this. Nothing is changed by it."}
        </EmptyState>
      )}
    </Panel>
  );
}

interface ObjectName {
  kind: string;
  name: string;
}

interface PlanProps extends Omit<PlanPanelProps, "planning"> {
  plan: FragmentType<typeof PlanPanelFragment>;
}

function Plan({ slug, newName, plan: shown, deploying, onFix, onPlanAgain }: PlanProps) {
  const plan = readFragment(PlanPanelFragment, shown);
  const { error, refused } = deploying.failure(plan.id);
  if (newName !== null && plan.action !== "CREATE") return <NameTaken slug={slug} name={newName} />;
  return (
    <div className={classes.plan}>
      <PlanFindings plan={plan} onFix={onFix} />
      <PlanQuota plan={plan} />
      <Tabs defaultValue="changes" keepMounted={false}>
        <Tabs.List className={classes.tabs ?? ""}>
          <Tabs.Tab value="changes">Changes</Tabs.Tab>
          {plan.manifests.map((manifest) => (
            <Tabs.Tab key={`${manifest.kind}/${manifest.name}`} value={`${manifest.kind}/${manifest.name}`}>
              {tabTitle(manifest, plan.manifests)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="changes" pt="sm">
          <PlanDiff plan={plan} />
        </Tabs.Panel>
        {plan.manifests.map((manifest) => (
          <Tabs.Panel key={`${manifest.kind}/${manifest.name}`} value={`${manifest.kind}/${manifest.name}`} pt="sm">
            <pre className={classes.yaml}>{manifest.yaml}</pre>
          </Tabs.Panel>
        ))}
      </Tabs>
      {error && <FailureNotice error={error} />}
      <UserErrors errors={refused} title="It was not deployed" />
      <div className={classes.deploy}>
        {refused.length > 0 ? (
          <Button onClick={() => onPlanAgain(revisionOf(refused))}>Plan again</Button>
        ) : (
          <Button onClick={() => void deploying.deploy(plan.id)} loading={deploying.isBusy}>
            {plan.action === "CREATE" ? "Deploy" : "Deploy this change"}
          </Button>
        )}
      </div>
    </div>
  );
}

/** What somebody else deployed since; undefined where that is not why it was refused. */
function revisionOf(refused: ReturnType<Deploying["failure"]>["refused"]): number | undefined {
  return refused.map(({ revision }) => revision).find((each) => each != null) ?? undefined;
}

/** An object by its kind; by its name too where others are of the same kind. */
function tabTitle({ kind, name }: ObjectName, all: readonly ObjectName[]): string {
  return all.filter((each) => each.kind === kind).length > 1 ? `${kind} ${name}` : kind;
}

/** A form for a new app never changes one that is there. */
function NameTaken({ slug, name }: { slug: string; name: string }) {
  return (
    <Notice tone="failure" title={`There is an app ${name} here already`}>
      <p>
        Take another name, or{" "}
        <Anchor component={Link} to={`/namespaces/${slug}/apps/${name}/edit`}>
          change that app
        </Anchor>
        .
      </p>
    </Notice>
  );
}
