import type { TimelineItem_EntryFragment } from "../../gql/graphql";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { Age } from "../Age/Age";
import { Icon, type IconName } from "../Icon/Icon";
import { ObjectsFold } from "./ObjectsFold";
import { isToldWhole } from "./repairs";
import { Sentence } from "./Sentence";
import classes from "./Timeline.module.css";
import type { TimelineProps } from "./Timeline";

const TimelineItemFragment = graphql(`
  fragment TimelineItem_entry on TimelineEntry {
    id
    kind
    at
    app
    sourceRevision
    workloadId
    revision
    cause
    message
    author {
      id
      displayName
    }
    objects {
      kind
      name
      action
      changes {
        path
        before
        after
      }
      ...ObjectsFold_object
    }
  }
`);

export type Entry = TimelineItem_EntryFragment;

const KIND_ICONS = {
  REVISION_APPLIED: "check",
  REVISION_FAILED: "cross",
  RUN_STARTED: "play",
  DELETED: "trash",
  RESTORED: "rollBack",
  REPAIRED: "repair",
  REPAIR_REFUSED: "alert",
  ORPHANS_REMOVED: "trash",
  VOLUME_DELETED: "trash",
  RECONCILIATION_PAUSED: "pause",
  RECONCILIATION_RESUMED: "play",
} as const satisfies Record<Entry["kind"], IconName>;

const CAUSE_ICONS = {
  DEPLOY: "check",
  SCALE: "scale",
  RESTART: "restart",
  ROLLBACK: "rollBack",
  PAUSE: "pause",
  RESUME: "play",
} as const satisfies Record<NonNullable<Entry["cause"]>, IconName>;

export interface TimelineItemProps extends Omit<TimelineProps, "entries"> {
  entry: FragmentType<typeof TimelineItemFragment>;
}

/** One thing that happened: what, when, and what it did to which objects, where that is more than a sentence holds. */
export function TimelineItem({ slug, entry: shown, apps, isOfApp = false }: TimelineItemProps) {
  const entry = readFragment(TimelineItemFragment, shown);
  const { kind, cause, at, workloadId, objects } = entry;
  const isThere = workloadId != null && apps.has(workloadId);
  return (
    <li className={classes.entry} data-tone={kind === "REPAIR_REFUSED" ? "attention" : undefined}>
      <span className={classes.icon}>
        <Icon name={cause ? CAUSE_ICONS[cause] : KIND_ICONS[kind]} size={14} />
      </span>
      <div className={classes.what}>
        <p>
          <Sentence slug={slug} entry={entry} isThere={isThere} isOfApp={isOfApp} />
        </p>
        {!isToldWhole(objects) && <ObjectsFold objects={objects} />}
      </div>
      <span className={classes.age}>
        <Age of={at} />
      </span>
    </li>
  );
}
