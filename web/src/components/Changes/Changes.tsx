import { graphql, readFragment, type FragmentType } from "../../gql";
import { changedValue } from "../../format/words";
import { FieldPath } from "../FieldPath/FieldPath";
import classes from "./Changes.module.css";
import { TextChange } from "./TextChange";

const ChangesFragment = graphql(`
  fragment Changes_change on FieldChange {
    path
    action
    before
    after
  }
`);

/** Fields with what they were and what they are, a line each. */
export function Changes({ changes }: { changes: readonly FragmentType<typeof ChangesFragment>[] }) {
  return (
    <ChangeList
      changes={readFragment(ChangesFragment, changes).map(({ path, before, after }) => ({
        field: path,
        before: before == null ? null : changedValue(before),
        after: after == null ? null : changedValue(after),
      }))}
    />
  );
}

/** null: absent. */
export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

export function ChangeList({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return null;
  return (
    <ul className={classes.changes}>
      {changes.map(({ field, before, after }) => (
        <li key={field}>
          <span className={classes.field}>
            <FieldPath path={field} />
          </span>
          {isLong(before) || isLong(after) ? (
            <TextChange field={field} before={before} after={after} />
          ) : (
            <span className={classes.values}>
              {before !== null && <del>{before}</del>}
              {before !== null && after !== null && <span aria-hidden="true">→</span>}
              {after !== null && <ins>{after}</ins>}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function isLong(text: string | null): boolean {
  return text?.trimEnd().includes("\n") ?? false;
}
