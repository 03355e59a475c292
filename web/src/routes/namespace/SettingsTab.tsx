import { Switch } from "@mantine/core";

import { FailureNotice } from "../../components/FailureNotice/FailureNotice";
import { Panel } from "../../components/Panel/Panel";
import { usePauseReconciliation } from "../../components/Reconciliation/usePauseReconciliation";
import { UserErrors } from "../../components/UserErrors/UserErrors";
import { graphql, readFragment } from "../../gql";
import { DeleteNamespace } from "./DeleteNamespace";
import classes from "./NamespacePage.module.css";
import type { TabProps } from "./tab";
import { VolumesPanel } from "./VolumesPanel";

const SettingsTabFragment = graphql(`
  fragment SettingsTab_namespace on Namespace {
    id
    name
    reconciliationPaused
  }
`);

/** What can be another of a namespace, its disks, and its end. */
export function SettingsTab({ slug, namespace }: TabProps) {
  const { name, reconciliationPaused } = readFragment(SettingsTabFragment, namespace);
  return (
    <div className={classes.page}>
      <Panel title="Reconciliation">
        <PauseSwitch slug={slug} isPaused={reconciliationPaused} />
      </Panel>
      <VolumesPanel slug={slug} />
      <Panel title="Delete namespace">
        <div className={classes.setting}>
          <p>Every app in it is deleted with it, and its secrets and volumes too. There is no way back.</p>
          <DeleteNamespace slug={slug} name={name} />
        </div>
      </Panel>
    </div>
  );
}

function PauseSwitch({ slug, isPaused }: { slug: string; isPaused: boolean }) {
  const { pause, isBusy, error, errors } = usePauseReconciliation(slug);
  return (
    <div className={classes.setting}>
      <Switch
        label="Pause reconciliation"
        description="While it is paused, what others change or delete in the cluster is left as it is, instead of being repaired within 30 seconds."
        checked={isPaused}
        // Not disabled while it is under way: that would take the focus away.
        onChange={(event) => {
          if (!isBusy) void pause(event.currentTarget.checked);
        }}
      />
      {error && <FailureNotice error={error} />}
      <UserErrors errors={errors} />
    </div>
  );
}
