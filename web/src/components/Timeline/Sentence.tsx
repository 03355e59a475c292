import type { ReactNode } from "react";
import { Link } from "react-router";

import { sentence } from "../../format/words";
import { named, onlyChange, undone } from "./repairs";
import type { Entry } from "./TimelineItem";

export interface SentenceProps {
  slug: string;
  entry: Entry;
  /** The app that it is about is there to be looked at. */
  isThere: boolean;
  isOfApp: boolean;
}

/** What a revision was made for, as in "Ada scaled web, as revision 4". A roll-back has its name in the middle. */
const DEEDS = {
  DEPLOY: ["deployed", ""],
  SCALE: ["scaled", ""],
  RESTART: ["restarted", ""],
  ROLLBACK: ["rolled", " back"],
  PAUSE: ["paused the schedule of", ""],
  RESUME: ["resumed the schedule of", ""],
} as const satisfies Record<NonNullable<Entry["cause"]>, readonly [string, string]>;

/** What happened, in one plain sentence. Whoever did it begins it; nobody does where that was Moorage by itself. */
export function Sentence(props: SentenceProps) {
  const { entry, isOfApp } = props;
  const { kind, author, message, objects } = entry;
  const did = (deed: string) => (author ? `${author.displayName} ${deed}` : sentence(deed));
  const app = <AppName {...props} />;
  const ofApp = isOfApp ? null : <> of {app}</>;
  const told = message && `: ${message}`;
  switch (kind) {
    case "REVISION_APPLIED":
      return <Applied {...props} did={did} app={app} ofApp={ofApp} told={told} />;
    case "REVISION_FAILED":
      return (
        <>
          <RevisionName {...props} title="Revision" />
          {ofApp} was not taken by the cluster, and what ran before runs on{told}
        </>
      );
    case "RUN_STARTED":
      return (
        <>
          {did("had")} {app} run, as <RevisionName {...props} />
        </>
      );
    case "DELETED":
      return (
        <>
          {did("deleted")} {app}
        </>
      );
    case "RESTORED":
      return (
        <>
          {did("brought")} {app} back
        </>
      );
    case "REPAIRED":
      return (
        <>
          Repaired{!isOfApp && entry.app && <> {app}</>}: somebody had {undone(objects)}
          <OnlyChange objects={objects} />
        </>
      );
    case "REPAIR_REFUSED":
      return (
        <>
          What somebody changed{entry.app && ofApp} could not be repaired, and is tried again{told}
        </>
      );
    case "ORPHANS_REMOVED":
      return <>Removed what was left of an app that is no longer on record: {named(objects)}</>;
    case "VOLUME_DELETED":
      return (
        <>
          {did("deleted")} the left-over disk {objects.map(({ name }) => name).join(", ")}
          {entry.app && ofApp}
        </>
      );
    case "RECONCILIATION_PAUSED":
      return <>{did("paused reconciliation")}: from here on, what others change in the cluster is left as it is</>;
    case "RECONCILIATION_RESUMED":
      return <>{did("resumed reconciliation")}: from here on, what others change in the cluster is repaired</>;
  }
}

interface AppliedProps extends SentenceProps {
  did: (deed: string) => string;
  app: ReactNode;
  ofApp: ReactNode;
  told: ReactNode;
}

function Applied({ did, app, ofApp, told, ...props }: AppliedProps) {
  const [deed, rest] = DEEDS[props.entry.cause ?? "DEPLOY"];
  const revision = <RevisionName {...props} />;
  if (deed === "deployed")
    return (
      <>
        {did(deed)} {revision}
        {ofApp}
        {told}
      </>
    );
  const source = props.entry.sourceRevision;
  return (
    <>
      {did(deed)} {app}
      {rest}
      {source && ` to revision ${source}`}, as {revision}
      {told}
    </>
  );
}

function AppName({ slug, entry, isThere, isOfApp }: SentenceProps) {
  if (!isThere || isOfApp) return <strong>{entry.app}</strong>;
  return <Link to={`/namespaces/${slug}/apps/${entry.app}`}>{entry.app}</Link>;
}

/** The revision, leading to it in the list of revisions. */
function RevisionName({ slug, entry, isThere, title = "revision" }: SentenceProps & { title?: string }) {
  const name = `${title} ${entry.revision}`;
  if (!isThere) return name;
  return <Link to={`/namespaces/${slug}/apps/${entry.app}?tab=revisions#revision-${entry.revision}`}>{name}</Link>;
}

function OnlyChange({ objects }: { objects: Entry["objects"] }) {
  const change = onlyChange(objects);
  if (!change) return null;
  return (
    <>
      :{" "}
      <span className="mono">
        {change.path} {change.before} → {change.after}
      </span>
    </>
  );
}
