import { graphql, readFragment, type FragmentType } from "../../gql";
import type { FormKindsFragment, WorkloadKind } from "../../gql/graphql";

const FormKindsFragment = graphql(`
  fragment FormKinds on WorkloadForm {
    kinds {
      kind
      name
      controller
      fields
    }
  }
`);

export type Kind = FormKindsFragment["kinds"][number];

export function formKinds(form: FragmentType<typeof FormKindsFragment>): readonly Kind[] {
  return readFragment(FormKindsFragment, form).kinds;
}

/** The fields that apps of a kind have beside those that every app has. */
export function fieldsOf(kinds: readonly Kind[], kind: WorkloadKind): readonly string[] {
  return kinds.find((each) => each.kind === kind)?.fields ?? [];
}

/** What an app can be: anything while it is new, and later what the same controller runs. */
export function choices(kinds: readonly Kind[], kind: WorkloadKind, { isNew }: { isNew: boolean }): readonly Kind[] {
  const controller = kinds.find((each) => each.kind === kind)?.controller;
  return isNew ? kinds : kinds.filter((each) => each.controller === controller);
}
