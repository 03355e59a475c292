import { Button, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { EmptyState } from "../../components/EmptyState/EmptyState";
import { Icon } from "../../components/Icon/Icon";
import { NotRead } from "../../components/NotRead/NotRead";
import { PageHeader } from "../../components/PageHeader/PageHeader";
import { Pager } from "../../components/Pager/Pager";
import { usePages } from "../../components/Pager/usePages";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import { CreateNamespace } from "./CreateNamespace";
import { NamespaceCard } from "./NamespaceCard";
import classes from "./NamespacesPage.module.css";

const NamespacesQuery = graphql(`
  query Namespaces($after: String) {
    namespaces(first: 60, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...NamespaceCard_namespace
        }
      }
    }
  }
`);

const EVERY_MS = 10_000;

/** The viewer's namespaces as they move; an administrator sees everybody's. */
export function NamespacesPage() {
  const pages = usePages();
  const data = usePageQuery({ query: NamespacesQuery, variables: { after: pages.after }, everyMs: EVERY_MS });
  const [isCreating, { open, close }] = useDisclosure(false);
  const newButton = (
    <Button onClick={open} leftSection={<Icon name="plus" />}>
      New namespace
    </Button>
  );
  const namespaces = data?.namespaces;
  const isAny = namespaces != null && namespaces.totalCount > 0;
  return (
    <>
      <PageHeader
        title="Namespaces"
        badge={isAny && <span className="dim">{namespaces.totalCount}</span>}
        actions={
          isAny ? (
            <>
              <Pager pages={pages} pageInfo={namespaces.pageInfo} />
              {newButton}
            </>
          ) : null
        }
      />
      {!data && <Skeleton height={132} radius="md" />}
      {namespaces === null && <NotRead what="The list of namespaces" />}
      {namespaces && !isAny && (
        <EmptyState icon="namespace" action={newButton}>
          A namespace holds your apps, with a quota of its own, and nobody else sees into it.
        </EmptyState>
      )}
      <ul className={classes.grid}>
        {namespaces?.edges.map(({ node }) => (
          <li key={node.id}>
            <NamespaceCard namespace={node} />
          </li>
        ))}
      </ul>
      {isCreating && <CreateNamespace onClose={close} />}
    </>
  );
}
