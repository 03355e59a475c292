import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";

import { Icon } from "../../../components/Icon/Icon";
import { graphql, readFragment, type FragmentType } from "../../../gql";
import { DeleteApp } from "./DeleteApp";
import { RestartApp } from "./RestartApp";
import { ScaleApp } from "./ScaleApp";

const AppActionsFragment = graphql(`
  fragment AppActions_workload on Workload {
    id
    name
    spec {
      replicas
    }
  }
`);

export interface AppActionsProps {
  slug: string;
  workload: FragmentType<typeof AppActionsFragment>;
}

/** What can be done with the app; each opens a dialog of its own. */
export function AppActions({ slug, workload }: AppActionsProps) {
  const { name, spec } = readFragment(AppActionsFragment, workload);
  const [opened, setOpened] = useState<"scale" | "restart" | "delete" | null>(null);
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
      <Button size="xs" variant="default" leftSection={<Icon name="scale" />} onClick={() => setOpened("scale")}>
        Scale
      </Button>
      <Button size="xs" variant="default" leftSection={<Icon name="restart" />} onClick={() => setOpened("restart")}>
        Restart
      </Button>
      <Button size="xs" variant="default" leftSection={<Icon name="trash" />} onClick={() => setOpened("delete")}>
        Delete
      </Button>
      {opened === "scale" && <ScaleApp slug={slug} name={name} replicas={spec.replicas} onClose={close} />}
      {opened === "restart" && <RestartApp slug={slug} name={name} onClose={close} />}
      {opened === "delete" && <DeleteApp slug={slug} name={name} onClose={close} />}
    </>
  );
}
