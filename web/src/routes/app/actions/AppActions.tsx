import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";

import { Icon, type IconName } from "../../../components/Icon/Icon";
import { graphql, readFragment, type FragmentType } from "../../../gql";
import type { AppActions_WorkloadFragment } from "../../../gql/graphql";
import { runsToAnEnd } from "../kind";
import { AutoscaledApp } from "./AutoscaledApp";
import { DeleteApp } from "./DeleteApp";
import { PauseApp } from "./PauseApp";
import { RestartApp } from "./RestartApp";
import { RunApp } from "./RunApp";
import { ScaleApp } from "./ScaleApp";

const AppActionsFragment = graphql(`
  fragment AppActions_workload on Workload {
    id
    name
    spec {
      kind
      replicas
      autoscaling {
        minReplicas
        maxReplicas
        cpuPercent
        memoryPercent
      }
      schedule {
        suspended
      }
    }
  }
`);

const ACTIONS = {
  scale: { title: "Scale", icon: "scale" },
  restart: { title: "Restart", icon: "restart" },
  run: { title: "Run now", icon: "play" },
  pause: { title: "Pause", icon: "pause" },
  resume: { title: "Resume", icon: "play" },
  delete: { title: "Delete", icon: "trash" },
} as const satisfies Record<string, { title: string; icon: IconName }>;
type Action = keyof typeof ACTIONS;

/** What can be done with an app of its kind. */
function actionsOf({ kind, schedule }: AppActions_WorkloadFragment["spec"]): readonly Action[] {
  if (!runsToAnEnd(kind)) return ["scale", "restart", "delete"];
  if (!schedule) return ["run", "delete"];
  return ["run", schedule.suspended ? "resume" : "pause", "delete"];
}

export interface AppActionsProps {
  slug: string;
  workload: FragmentType<typeof AppActionsFragment>;
}

/** What can be done with the app; each opens a dialog of its own. */
export function AppActions({ slug, workload }: AppActionsProps) {
  const { name, spec } = readFragment(AppActionsFragment, workload);
  const [opened, setOpened] = useState<Action | null>(null);
  const close = () => setOpened(null);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="edit" />}
        component={Link}
        to={`/namespaces/${slug}/apps/${name}/edit`}
      >
        Edit
      </Button>
      {actionsOf(spec).map((action) => (
        <Button
          key={action}
          size="xs"
          variant="default"
          leftSection={<Icon name={ACTIONS[action].icon} />}
          onClick={() => setOpened(action)}
        >
          {ACTIONS[action].title}
        </Button>
      ))}
      {opened === "scale" && !spec.autoscaling && (
        <ScaleApp slug={slug} name={name} replicas={spec.replicas} onClose={close} />
      )}
      {opened === "scale" && spec.autoscaling && (
        <AutoscaledApp slug={slug} name={name} autoscaling={spec.autoscaling} onClose={close} />
      )}
      {opened === "restart" && <RestartApp slug={slug} name={name} onClose={close} />}
      {opened === "run" && <RunApp slug={slug} name={name} onClose={close} />}
      {(opened === "pause" || opened === "resume") && (
        <PauseApp slug={slug} name={name} isPaused={opened === "resume"} onClose={close} />
      )}
      {opened === "delete" && <DeleteApp slug={slug} name={name} onClose={close} />}
    </>
  );
}
