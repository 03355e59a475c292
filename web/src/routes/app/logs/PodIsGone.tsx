import { Button } from "@mantine/core";

import { EmptyState } from "../../../components/EmptyState/EmptyState";

/** In place of the logs of a pod that the app does not have. */
export function PodIsGone({ pod, onAllPods }: { pod: string; onAllPods: () => void }) {
  const showAll = (
    <Button size="xs" variant="default" onClick={onAllPods}>
      Show all pods
    </Button>
  );
  return (
    <EmptyState icon="cube" action={showAll}>
      The pod {pod} is gone, and its logs with it.
    </EmptyState>
  );
}
