import { Button } from "@mantine/core";
import { useLocation } from "react-router";

import { FailureNotice } from "../../components/FailureNotice/FailureNotice";
import { Notice } from "../../components/FailureNotice/Notice";
import { UserErrors } from "../../components/UserErrors/UserErrors";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { deletedIdOf } from "./deleted";
import { useRestore } from "./useRestore";

const DeletedNoticeFragment = graphql(`
  fragment DeletedNotice_namespace on Namespace {
    id
    slug
    deletedWorkloads(first: 100) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

/** Says which app one has just deleted, with the way to undo that, for as long as there is one. */
export function DeletedNotice({ namespace }: { namespace: FragmentType<typeof DeletedNoticeFragment> }) {
  const { slug, deletedWorkloads } = readFragment(DeletedNoticeFragment, namespace);
  const { state } = useLocation() as { state: unknown };
  const id = deletedIdOf(state);
  const deleted = deletedWorkloads?.edges.find(({ node }) => node.id === id)?.node;
  return <div role="status">{deleted && <Deleted slug={slug} {...deleted} />}</div>;
}

function Deleted({ slug, id, name }: { slug: string; id: string; name: string }) {
  const { restore, isBusy, error, errors } = useRestore(slug, id);
  return (
    <Notice tone="quiet" title={`${name} is deleted.`}>
      <p>It can be brought back as it was, for 24 hours.</p>
      <Button size="xs" variant="default" loading={isBusy} onClick={restore}>
        Undo
      </Button>
      {error && <FailureNotice error={error} />}
      <UserErrors errors={errors} />
    </Notice>
  );
}
