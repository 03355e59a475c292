import { Button } from "@mantine/core";

import { Icon } from "../../components/Icon/Icon";
import { Panel } from "../../components/Panel/Panel";
import { graphql, readFragment, type FragmentType } from "../../gql";
import classes from "./AppPage.module.css";

const ExportPanelFragment = graphql(`
  fragment ExportPanel_workload on Workload {
    id
    manifests: export(format: MANIFESTS) {
      path
      content
      notes
    }
    kustomize: export(format: KUSTOMIZE) {
      path
      content
    }
  }
`);

interface ExportedFile {
  path: string;
  content: string;
}

/** The app as files of one's own: for kubectl and any cluster, without the values of secrets. */
export function ExportPanel({ workload }: { workload: FragmentType<typeof ExportPanelFragment> }) {
  const { manifests, kustomize } = readFragment(ExportPanelFragment, workload);
  return (
    <Panel title="Export">
      <div className={classes.exports}>
        <p>
          The app as files of your own, for any cluster. The values of secrets are in none of them: each says where they
          go.
        </p>
        <Notes notes={(manifests ?? []).flatMap((file) => file.notes)} />
        <Files title="Manifests" command="kubectl apply -f" files={manifests ?? []} />
        <Files title="Kustomize base" command="kubectl apply -k" files={kustomize ?? []} />
      </div>
    </Panel>
  );
}

/** What of the app's exposure has to be known before the files are applied; those of a base say the same. */
function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) {
    return null;
  }
  return (
    <ul aria-label="What the export needs" className={classes.notes}>
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function Files({ title, command, files }: { title: string; command: string; files: readonly ExportedFile[] }) {
  return (
    <section aria-label={title}>
      <p>
        <strong>{title}</strong> <span className="dim">for</span> <code>{command}</code>
      </p>
      <div className={classes.files}>
        {files.map((file) => (
          <Button
            key={file.path}
            size="xs"
            variant="default"
            leftSection={<Icon name="download" />}
            onClick={() => download(file)}
            aria-label={`Download ${file.path}`}
          >
            {file.path}
          </Button>
        ))}
      </div>
    </section>
  );
}

function download({ path, content }: ExportedFile) {
  const address = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = path;
  link.click();
  URL.revokeObjectURL(address);
}
