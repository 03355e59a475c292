import { Button, Group, Text, Title } from "@mantine/core";
import { Link } from "react-router";

import { useSession } from "../session";

export function Home() {
  const { user } = useSession();
  return (
    <div className="hero">
      <Title order={1} fz={44}>Describe an app. Watch it come up.</Title>
      <Text mt="md" fz="lg">
        Moorage takes an image and a few answers, shows what it would do to the cluster, and runs it on Kubernetes in a
        namespace that is yours alone, with its rollout, events and metrics beside it.
      </Text>
      <Group mt="xl">
        {user ? (
          <Button component={Link} to="/namespaces" size="md">Your namespaces</Button>
        ) : (
          <>
            <Button component={Link} to="/register" size="md">Create an account</Button>
            <Button component={Link} to="/login" size="md" variant="default">Log in</Button>
          </>
        )}
      </Group>
    </div>
  );
}
