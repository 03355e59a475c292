import { Button, Group, Stack } from "@mantine/core";
import { Link } from "react-router";

import { Dialog } from "../../../components/Dialog/Dialog";
import { autoscalingText, type AutoscalingShown } from "../../../components/AutoscalingText/autoscalingText";
import type { DialogProps } from "./ActionDialog";

/** Says who chooses the number of pods of an app that is autoscaled, and where that is changed. */
export function AutoscaledApp({ slug, name, autoscaling, onClose }: DialogProps & { autoscaling: AutoscalingShown }) {
  return (
    <Dialog title={`${name} scales by itself`} onClose={onClose}>
      <Stack gap="md">
        <p>
          The cluster chooses the number of pods: {autoscalingText(autoscaling)}. Change that, or turn it off to choose a
          number yourself, where the app is described.
        </p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button component={Link} to={`/namespaces/${slug}/apps/${name}/edit`} data-autofocus>
            Edit autoscaling
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
