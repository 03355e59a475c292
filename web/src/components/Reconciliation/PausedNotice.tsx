import { Button } from "@mantine/core";

import { graphql, readFragment, type FragmentType } from "../../gql";
import { FailureNotice } from "../FailureNotice/FailureNotice";
import { Notice } from "../FailureNotice/Notice";
import { UserErrors } from "../UserErrors/UserErrors";
import { usePauseReconciliation } from "./usePauseReconciliation";

const PausedNoticeFragment = graphql(`
  fragment PausedNotice_namespace on Namespace {
    id
    slug
    reconciliationPaused
  }
`);

/** Says that a namespace is left alone, with the way out; nothing for one that is not. */
export function PausedNotice({ namespace }: { namespace: FragmentType<typeof PausedNoticeFragment> }) {
  const { slug, reconciliationPaused } = readFragment(PausedNoticeFragment, namespace);
  return reconciliationPaused ? <Paused slug={slug} /> : null;
}

function Paused({ slug }: { slug: string }) {
  const { pause, isBusy, error, errors } = usePauseReconciliation(slug);
  const resume = async () => {
    // The button goes with the notice, and would take the focus with it.
    if (await pause(false)) document.getElementById("content")?.focus({ preventScroll: true });
  };
  return (
    <Notice tone="quiet" title="Reconciliation is paused">
      <p>Changes that others make in the cluster are left as they are.</p>
      <Button size="xs" variant="default" loading={isBusy} onClick={() => void resume()}>
        Resume
      </Button>
      {error && <FailureNotice error={error} />}
      <UserErrors errors={errors} />
    </Notice>
  );
}
