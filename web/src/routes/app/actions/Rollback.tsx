import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { Icon } from "../../../components/Icon/Icon";
import { RollbackDialog } from "./RollbackDialog";
import { useRollbackPlan, type RollbackTarget } from "./useRollbackPlan";

/** The way back to a revision, with everything that returns shown first. */
export function Rollback(target: RollbackTarget) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const planning = useRollbackPlan(target);
  const show = () => {
    open();
    planning.review();
  };
  return (
    <>
      <Button size="xs" variant="default" leftSection={<Icon name="rollBack" />} onClick={show}>
        Roll back to {target.revision}
      </Button>
      {isOpen && <RollbackDialog name={target.name} revision={target.revision} planning={planning} onClose={close} />}
    </>
  );
}
