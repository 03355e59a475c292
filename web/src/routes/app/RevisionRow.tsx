import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

import { Age } from "../../components/Age/Age";
import { Changes } from "../../components/Changes/Changes";
import { word } from "../../format/words";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { Rollback } from "./actions/Rollback";
import classes from "./AppPage.module.css";

const RevisionRowFragment = graphql(`
  fragment RevisionRow_revision on Revision {
    id
    number
    cause
    sourceRevision
    state
    message
    createdAt
    isCurrent
    author {
      id
      displayName
    }
    changes {
      ...Changes_change
    }
  }
`);

export interface RevisionRowProps {
  slug: string;
  name: string;
  revision: FragmentType<typeof RevisionRowFragment>;
}

/** A revision: why it was made, by whom, and what it changed. The one that the address names is marked. */
export function RevisionRow({ slug, name, revision: shown }: RevisionRowProps) {
  const revision = readFragment(RevisionRowFragment, shown);
  const isShown = useLocation().hash === `#revision-${revision.number}`;
  const row = useRef<HTMLLIElement>(null);
  // The list comes after the address that leads to it: the browser looked for its target too early.
  useEffect(() => {
    if (isShown) row.current?.scrollIntoView({ block: "center" });
  }, [isShown]);
  const canRollBack = !revision.isCurrent && revision.state === "APPLIED";
  return (
    <li ref={row} className={classes.revision} aria-label={`Revision ${revision.number}`} data-shown={isShown}>
      <div>
        <div className={classes.revisionHead}>
          <strong>Revision {revision.number}</strong>
          {revision.isCurrent && <span className={classes.current}>current</span>}
          <span className="dim">
            {word(revision.cause)}
            {revision.sourceRevision != null && ` to ${revision.sourceRevision}`}
            {revision.state !== "APPLIED" && `, ${word(revision.state)}`}
            {revision.author && ` by ${revision.author.displayName}`}, <Age of={revision.createdAt} />
          </span>
        </div>
        {revision.message && <p>{revision.message}</p>}
        <Changes changes={revision.changes} />
      </div>
      {canRollBack && <Rollback slug={slug} name={name} revision={revision.number} />}
    </li>
  );
}
