import { Skeleton } from "@mantine/core";
import { useId } from "react";

import { DataTable } from "../../components/DataTable/DataTable";
import { NotRead } from "../../components/NotRead/NotRead";
import { Pager } from "../../components/Pager/Pager";
import { usePages } from "../../components/Pager/usePages";
import { Panel } from "../../components/Panel/Panel";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import classes from "./NamespacePage.module.css";
import { VolumeRow } from "./VolumeRow";

const VolumesQuery = graphql(`
  query NamespaceVolumes($slug: String!, $after: String) {
    namespace(slug: $slug) {
      id
      viewerCan {
        delete
      }
      owner {
        id
        email
      }
      volumeClaims(first: 25, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            ...VolumeRow_claim
          }
        }
      }
    }
  }
`);

const EVERY_MS = 10_000;
const COLUMNS = [
  { title: "Volume" },
  { title: "Used by" },
  { title: "State", isExtra: true },
  { title: "Size", isNumber: true },
  { title: "Class", isExtra: true },
  { title: "Made", isExtra: true },
  { title: "Delete", isNumber: true },
] as const;

/** The disks of a namespace with who has a use for each, and the end of those that are left over. */
export function VolumesPanel({ slug }: { slug: string }) {
  const pages = usePages();
  const reasonId = useId();
  const data = usePageQuery({ query: VolumesQuery, variables: { slug, after: pages.after }, everyMs: EVERY_MS });
  if (!data?.namespace) return <Skeleton height={120} radius="md" />;
  const { owner, viewerCan, volumeClaims } = data.namespace;
  if (!volumeClaims) return <NotRead what="Volumes" />;
  return (
    <Panel title="Volumes" flush aside={<Pager pages={pages} pageInfo={volumeClaims.pageInfo} />}>
      <p className={classes.note}>
        {volumeClaims.edges.length === 0
          ? "No stateful service has made a disk here yet."
          : "A disk stays when its app, or its replica, goes: nothing is lost by accident. One that is left over still counts against the namespace’s quota, until it is deleted."}
        {!viewerCan.delete && (
          <span id={reasonId}> Only {owner?.email ?? "its owner"}, whose namespace this is, can delete disks.</span>
        )}
      </p>
      {volumeClaims.edges.length > 0 && (
        <DataTable label="Volumes" columns={COLUMNS}>
          {volumeClaims.edges.map(({ node }) => (
            <VolumeRow key={node.id} slug={slug} claim={node} whyNot={viewerCan.delete ? null : reasonId} />
          ))}
        </DataTable>
      )}
    </Panel>
  );
}
