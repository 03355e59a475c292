import { Button, CopyButton, Skeleton } from "@mantine/core";

import { Icon } from "../../components/Icon/Icon";
import { NotRead } from "../../components/NotRead/NotRead";
import { Panel } from "../../components/Panel/Panel";
import { graphql } from "../../gql";
import { usePageQuery } from "../../graph/usePageQuery";
import classes from "./AppPage.module.css";
import { ExportPanel } from "./ExportPanel";
import type { TabProps } from "./tab";

const ManifestQuery = graphql(`
  query AppManifest($slug: String!, $name: String!) {
    workload(namespace: $slug, name: $name) {
      id
      manifest
      ...ExportPanel_workload
    }
  }
`);

/** The Deployment as the cluster has it, and the app as files to take along. */
export function ManifestTab({ slug, name }: TabProps) {
  const data = usePageQuery({ query: ManifestQuery, variables: { slug, name } });
  if (!data?.workload) return <Skeleton height={320} radius="md" />;
  const { manifest } = data.workload;
  return (
    <div className={classes.page}>
      <ExportPanel workload={data.workload} />
      {manifest === null ? <NotRead what="The manifest" /> : <DeploymentPanel manifest={manifest} />}
    </div>
  );
}

function DeploymentPanel({ manifest }: { manifest: string }) {
  return (
    <Panel title="Deployment, secrets redacted" flush aside={<CopyManifest manifest={manifest} />}>
      {/* Wide lines scroll: the keyboard must reach them. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={classes.code} tabIndex={0} aria-label="Deployment as YAML">
        {manifest}
      </pre>
    </Panel>
  );
}

function CopyManifest({ manifest }: { manifest: string }) {
  return (
    <CopyButton value={manifest}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" leftSection={<Icon name={copied ? "check" : "copy"} />} onClick={copy}>
          {copied ? "Copied" : "Copy"}
        </Button>
      )}
    </CopyButton>
  );
}
