import { Alert, Anchor, Button, Container, Group, Text } from "@mantine/core";
import { use } from "react";
import { Link, Outlet, useNavigate } from "react-router";
import { useQuery } from "urql";

import { Connected } from "../client";
import { graphql } from "../gql";
import { send, useSession } from "../session";
import { Mark } from "./Mark";

const ClusterQuery = graphql(`
  query Cluster {
    cluster {
      isDemo
      reachable
      message
    }
  }
`);

/** The frame of every page: where one is signed in, what the cluster is, and whether news arrive. */
export function Layout() {
  const { user, refresh } = useSession();
  const navigate = useNavigate();
  const connected = use(Connected);
  const [{ data }] = useQuery({ query: ClusterQuery });
  const logOut = async () => {
    await send("logout", {});
    await refresh();
    await navigate("/");
  };
  return (
    <Container size="lg" py="md">
      <Group component="header" justify="space-between" mb="lg">
        <Anchor component={Link} to={user ? "/namespaces" : "/"} underline="never" c="inherit" aria-label="Moorage">
          <Group gap="xs">
            <Mark />
            <Text fw={700}>Moorage</Text>
          </Group>
        </Anchor>
        <nav className="nav" aria-label="Main">
          {user ? (
            <>
              <Anchor component={Link} to="/namespaces">Namespaces</Anchor>
              <Text size="sm" c="dimmed">{user.displayName}</Text>
              <Button size="xs" variant="default" onClick={() => void logOut()}>Log out</Button>
            </>
          ) : (
            <>
              <Anchor component={Link} to="/login">Log in</Anchor>
              <Button size="xs" component={Link} to="/register">Register</Button>
            </>
          )}
        </nav>
      </Group>
      {data?.cluster.isDemo && user && (
        <Alert color="gray" mb="md" role="note">This is a demo cluster: it behaves like Kubernetes, and no container runs.</Alert>
      )}
      {data && !data.cluster.reachable && <Alert color="orange" mb="md">The cluster does not answer. {data.cluster.message}</Alert>}
      {!connected && <Alert color="orange" mb="md" role="status">Reconnecting…</Alert>}
      <main>
        <Outlet />
      </main>
    </Container>
  );
}
