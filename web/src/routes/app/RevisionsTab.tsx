import { Skeleton } from "@mantine/core";

import { NotRead } from "../../components/NotRead/NotRead";
import { Panel } from "../../components/Panel/Panel";
import { graphql, readFragment } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import classes from "./AppPage.module.css";
import { RevisionRow } from "./RevisionRow";
import type { TabProps } from "./tab";

const RevisionsTabFragment = graphql(`
  fragment RevisionsTab_workload on Workload {
    id
    revisions(first: 50) {
      edges {
        node {
          id
          ...RevisionRow_revision
        }
      }
    }
  }
`);

const RevisionsQuery = graphql(`
  query AppRevisions($slug: String!, $name: String!) {
    workload(namespace: $slug, name: $name) {
      id
      ...RevisionsTab_workload
    }
  }
`);

/** Every revision, newest first, each with what it changed and a way back to it. */
export function RevisionsTab({ slug, name }: TabProps) {
  const data = usePageQuery({ query: RevisionsQuery, variables: { slug, name } });
  if (!data?.workload) return <Skeleton height={160} radius="md" />;
  const read = readFragment(RevisionsTabFragment, data.workload).revisions;
  if (!read) return <NotRead what="Revisions" />;
  const revisions = read.edges.map(({ node }) => node);
  return (
    <Panel title="Revisions" flush>
      <ol className={classes.revisions}>
        {revisions.map((revision) => (
          <RevisionRow key={revision.id} slug={slug} name={name} revision={revision} />
        ))}
      </ol>
    </Panel>
  );
}
