import { Alert, Anchor, Container, Title } from "@mantine/core";
import { Link, useRouteError } from "react-router";
import type { CombinedError } from "urql";

const TITLES: Record<string, string> = {
  UNAUTHENTICATED: "You are signed out",
  FORBIDDEN: "That is not allowed",
  NOT_FOUND: "There is nothing here",
  UNAVAILABLE: "A part of the platform does not answer",
  RATE_LIMITED: "Too many requests",
};

/** A failed request, told by its code. */
export function QueryError({ error }: { error: CombinedError }) {
  const first = error.graphQLErrors[0];
  const code = typeof first?.extensions["code"] === "string" ? first.extensions["code"] : "UNAVAILABLE";
  return (
    <Alert color="red" title={TITLES[code] ?? "Something went wrong"} role="alert">
      {first?.message ?? "The server does not answer. Try again in a moment."}{" "}
      {code === "UNAUTHENTICATED" && <Anchor component={Link} to="/login">Log in</Anchor>}
    </Alert>
  );
}

/** Refusals of a mutation, each a sentence with its way out. */
export function Refusals({ errors }: { errors: readonly { message: string }[] }) {
  if (errors.length === 0) return null;
  return (
    <Alert color="red" title="That was not done" role="alert">
      {errors.map((error) => (
        <div key={error.message}>{error.message}</div>
      ))}
    </Alert>
  );
}

export function NotFound() {
  return (
    <Container py="xl">
      <Title order={1}>Nothing is moored here</Title>
      <Anchor component={Link} to="/namespaces">Back to your namespaces</Anchor>
    </Container>
  );
}

export function Broken() {
  const error = useRouteError();
  return (
    <Container py="xl">
      <Alert color="red" title="This page broke">{error instanceof Error ? error.message : "Reload it."}</Alert>
    </Container>
  );
}
