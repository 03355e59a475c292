import { changedValue } from "../../format/words";
import { graphql, readFragment, type FragmentType } from "../../gql";
import { FieldPath } from "../FieldPath/FieldPath";
import type { MergeView_ErrorFragment } from "../../gql/graphql";
import classes from "./MergeView.module.css";

const MergeViewFragment = graphql(`
  fragment MergeView_error on PlanConflictError {
    changes
    conflicts {
      kind
      name
      path
      planned
      live
      base
      manager
    }
    revision
    author {
      id
      displayName
    }
  }
`);

type Conflict = MergeView_ErrorFragment["conflicts"][number];

/** What moved since a plan was made, field by field: as planned, as it is, and as it was; and who deployed meanwhile. */
export function MergeView({ error }: { error: FragmentType<typeof MergeViewFragment> }) {
  const { changes, conflicts, revision, author } = readFragment(MergeViewFragment, error);
  return (
    <div className={classes.view}>
      {revision != null && (
        <p className="dim">
          Revision {revision}
          {author && `, deployed by ${author.displayName}`}
        </p>
      )}
      {conflicts.length === 0
        ? changes.map((change) => <Moved key={change} what={change} />)
        : byObject(conflicts).map(([object, fields]) => (
            <section key={object} className={classes.object} aria-label={object}>
              <h3 className="mono">{object}</h3>
              {fields.map((field) => (
                <Field key={field.path} conflict={field} />
              ))}
            </section>
          ))}
    </div>
  );
}

/** What moved, where no field of it is known. A restart is another revision of the same description. */
function Moved({ what }: { what: string }) {
  return what === "revision" ? <p>The app is described as before.</p> : <p className="mono">{what}</p>;
}

function Field({ conflict }: { conflict: Conflict }) {
  const { path, planned, live, base, manager } = conflict;
  if (path === "metadata.uid") return <p>{fate(conflict)}</p>;
  return (
    <div className={classes.field}>
      <span>
        <span className="mono">
          <FieldPath path={path} />
        </span>
        {manager && <span className="dim"> set by {manager}</span>}
      </span>
      <dl className={classes.values}>
        <Value title="Planned" json={planned} />
        <Value title="Live now" json={live} />
        <Value title="When planned" json={base} />
      </dl>
    </div>
  );
}

function Value({ title, json }: { title: string; json: string | null | undefined }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd data-absent={json == null}>{changedValue(json)}</dd>
    </div>
  );
}

/** What became of the object itself. */
function fate({ live, base }: Conflict): string {
  if (live == null) return "It was deleted.";
  return base == null ? "It was added." : "It was deleted, and made anew.";
}

function byObject(conflicts: readonly Conflict[]): [string, Conflict[]][] {
  const objects = new Map<string, Conflict[]>();
  for (const each of conflicts) {
    const object = each.kind === "Workload" ? "The app" : `${each.kind}/${each.name}`;
    objects.set(object, [...(objects.get(object) ?? []), each]);
  }
  return [...objects];
}
