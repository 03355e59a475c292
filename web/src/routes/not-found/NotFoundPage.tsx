import { Anchor } from "@mantine/core";
import { Link } from "react-router";

import { EmptyState } from "../../components/EmptyState/EmptyState";
import { PageHeader } from "../../components/PageHeader/PageHeader";

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="Nothing is moored here" />
      <NothingHere what="This address leads to no page." />
    </>
  );
}

/** What is absent and what is somebody else's look alike. */
export function NothingHere({ what }: { what: string }) {
  return (
    <EmptyState
      icon="question"
      action={
        <Anchor component={Link} to="/namespaces">
          Your namespaces
        </Anchor>
      }
    >
      {what}
    </EmptyState>
  );
}
