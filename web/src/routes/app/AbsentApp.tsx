import { Anchor, Skeleton } from "@mantine/core";
import { Link } from "react-router";

import { Age } from "../../components/Age/Age";
import { EmptyState } from "../../components/EmptyState/EmptyState";
import { graphql } from "../../gql";
import { useKeptQuery } from "../../graph/usePageQuery";
import { NothingHere } from "../not-found/NotFoundPage";

const AbsentAppQuery = graphql(`
  query AbsentApp($slug: String!) {
    namespace(slug: $slug) {
      id
      name
      deletedWorkloads(first: 100) {
        edges {
          node {
            id
            name
            deletedAt
            restorableUntil
          }
        }
      }
    }
  }
`);

export interface AbsentAppProps {
  slug: string;
  name: string;
  /** Whether it went while it was looked at. */
  isDeleted: boolean;
}

/** In place of an app that is not there: whether it was deleted, and where it is brought back from. */
export function AbsentApp({ slug, name, isDeleted }: AbsentAppProps) {
  // The list of the namespace's page may be from before the deletion.
  const { data, error } = useKeptQuery({
    query: AbsentAppQuery,
    variables: { slug },
    requestPolicy: "network-only",
  });
  const namespace = data?.namespace;
  const deleted = namespace?.deletedWorkloads?.edges.find(({ node }) => node.name === name)?.node;
  if (namespace && deleted) {
    return (
      <EmptyState
        icon="trash"
        action={
          <Anchor component={Link} to={`/namespaces/${slug}`}>
            Recently deleted in {namespace.name}
          </Anchor>
        }
      >
        {name} was deleted <Age of={deleted.deletedAt} />. It can be brought back as it was, and is forgotten{" "}
        <Age of={deleted.restorableUntil} />.
      </EmptyState>
    );
  }
  if (isDeleted) return <NothingHere what={`${name} was deleted.`} />;
  if (!data && !error) return <Skeleton height={160} radius="md" />;
  return <NothingHere what={`There is no app ${name} here, or it is not yours.`} />;
}
