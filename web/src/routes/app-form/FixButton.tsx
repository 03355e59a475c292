import { Button } from "@mantine/core";

import { graphql, readFragment, type FragmentType } from "../../gql";

const FixButtonFragment = graphql(`
  fragment FixButton_fix on SuggestedFix {
    label
    path
    value
  }
`);

export interface FixButtonProps {
  fix: FragmentType<typeof FixButtonFragment>;
  onFix: (path: readonly string[], json: string) => void;
}

/** Puts the server's own fix into the form. */
export function FixButton({ fix, onFix }: FixButtonProps) {
  const { label, path, value } = readFragment(FixButtonFragment, fix);
  return (
    <Button size="xs" variant="default" onClick={() => onFix(path, value)}>
      {label}
    </Button>
  );
}
