import { graphql, readFragment, type FragmentType } from "../../gql";

const CheckTextFragment = graphql(`
  fragment CheckText_probe on Probe {
    path
    command
    delaySeconds
    periodSeconds
    timeoutSeconds
    failures
  }
`);

/** A check in a line: `GET /healthz every 10 s, 3 failures in a row`; null for none. */
export function checkText(probe: FragmentType<typeof CheckTextFragment> | null | undefined): string | null {
  const check = readFragment(CheckTextFragment, probe);
  if (!check) return null;
  const asks = check.command.join(" ") || (check.path ? `GET ${check.path}` : "a connection");
  const parts = [
    `${asks} every ${check.periodSeconds} s`,
    check.delaySeconds > 0 && `after ${check.delaySeconds} s`,
    `within ${check.timeoutSeconds} s`,
    `${check.failures} failures in a row`,
  ];
  return parts.filter(Boolean).join(", ");
}
