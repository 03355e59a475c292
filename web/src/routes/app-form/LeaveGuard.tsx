import { Button, Group, Modal } from "@mantine/core";
import { useEffect } from "react";
import { useBlocker } from "react-router";

/** Asks before a page is left whose input would be lost; the browser asks on a reload. */
export function LeaveGuard({ isAtStake }: { isAtStake: () => boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isAtStake() && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isAtStake()) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isAtStake]);
  if (blocker.state !== "blocked") return null;
  return (
    <Modal opened onClose={() => blocker.reset()} title="Leave without deploying?">
      <p>What you typed is lost then.</p>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => blocker.proceed()}>
          Leave
        </Button>
        <Button data-autofocus onClick={() => blocker.reset()}>
          Stay
        </Button>
      </Group>
    </Modal>
  );
}
