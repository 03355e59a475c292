import { Button } from "@mantine/core";

import { Age } from "../../components/Age/Age";
import { FailureNotice } from "../../components/FailureNotice/FailureNotice";
import { Icon } from "../../components/Icon/Icon";
import { Panel } from "../../components/Panel/Panel";
import { UserErrors } from "../../components/UserErrors/UserErrors";
import { word } from "../../format/words";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { RecentlyDeleted_NamespaceFragment } from "../../gql/graphql";
import classes from "./NamespacePage.module.css";
import { useRestore } from "./useRestore";

const RecentlyDeletedFragment = graphql(`
  fragment RecentlyDeleted_namespace on Namespace {
    id
    slug
    deletedWorkloads(first: 100) {
      edges {
        node {
          id
          name
          kind
          deletedAt
          restorableUntil
        }
      }
    }
  }
`);

type Deleted = NonNullable<RecentlyDeleted_NamespaceFragment["deletedWorkloads"]>["edges"][number]["node"];

/** The apps that can be brought back, each with the way to do so. Nothing where there are none. */
export function RecentlyDeleted({ namespace }: { namespace: FragmentType<typeof RecentlyDeletedFragment> }) {
  const { slug, deletedWorkloads } = readFragment(RecentlyDeletedFragment, namespace);
  if (!deletedWorkloads || deletedWorkloads.edges.length === 0) return null;
  return (
    <Panel title="Recently deleted" flush>
      <ul className={classes.deleted}>
        {deletedWorkloads.edges.map(({ node }) => (
          <DeletedRow key={node.id} slug={slug} deleted={node} />
        ))}
      </ul>
    </Panel>
  );
}

function DeletedRow({ slug, deleted }: { slug: string; deleted: Deleted }) {
  const { id, name, kind, deletedAt, restorableUntil } = deleted;
  const { restore, isBusy, error, errors } = useRestore(slug, id);
  return (
    <li aria-label={name}>
      <div className={classes.deletedNames}>
        <strong>{name}</strong>
        <span className="dim">{word(kind)}</span>
        <span className="dim">
          deleted <Age of={deletedAt} />, forgotten <Age of={restorableUntil} />
        </span>
      </div>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="rollBack" />}
        aria-label={`Restore ${name}`}
        loading={isBusy}
        onClick={restore}
      >
        Restore
      </Button>
      <div className={classes.refusal}>
        {error && <FailureNotice error={error} />}
        <UserErrors errors={errors} title={`${name} was not brought back`} />
      </div>
    </li>
  );
}
