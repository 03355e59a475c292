import { Button, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { EmptyState } from "../../components/EmptyState/EmptyState";
import { Icon } from "../../components/Icon/Icon";
import { PageHeader } from "../../components/PageHeader/PageHeader";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import { CreateNamespace } from "./CreateNamespace";
import { NamespaceCard } from "./NamespaceCard";
import classes from "./NamespacesPage.module.css";

const NamespacesQuery = graphql(`
  query Namespaces {
    namespaces(first: 100) {
      edges {
        node {
          id
          ...NamespaceCard_namespace
        }
      }
    }
  }
`);

/** The viewer's namespaces; an administrator sees everybody's. */
export function NamespacesPage() {
  const data = usePageQuery({ query: NamespacesQuery, variables: {} });
  const [isCreating, { open, close }] = useDisclosure(false);
  const newButton = (
    <Button onClick={open} leftSection={<Icon name="plus" />}>
      New namespace
    </Button>
  );
  const edges = data?.namespaces.edges;
  return (
    <>
      <PageHeader title="Namespaces" actions={edges && edges.length > 0 ? newButton : null} />
      {!edges && <Skeleton height={132} radius="md" />}
      {edges?.length === 0 && (
        <EmptyState icon="namespace" action={newButton}>
          A namespace holds your apps, with a quota of its own, and nobody else sees into it.
        </EmptyState>
      )}
      <ul className={classes.grid}>
        {edges?.map(({ node }) => (
          <li key={node.id}>
            <NamespaceCard namespace={node} />
          </li>
        ))}
      </ul>
      {isCreating && <CreateNamespace onClose={close} />}
    </>
  );
}
