import { OperationTypeNode } from "graphql";

import { chosenOperation } from "./operations";

/** What the editors hold: JSON texts but for the query; empty ones are none. */
export interface Editors {
  query: string;
  operationName: string | undefined;
  variables: string;
  headers: string;
}

const TOKEN = "$MOORAGE_TOKEN";
/** Credentials are never copied: a token is the reader's own to put in, and a session is of use to its page alone. */
const CREDENTIALS = ["authorization", "cookie", "x-csrf-token"];

/** The request as a command line, a token's place left open. A subscription is streamed as Server-Sent Events. */
export function curlCommand(address: string, { query, operationName, variables, headers }: Editors): string {
  const streams = chosenOperation(query, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
  const body = {
    query,
    ...(operationName ? { operationName } : {}),
    ...(variables.trim() ? { variables: JSON.parse(variables) as unknown } : {}),
  };
  const lines = [
    `curl ${streams ? "--no-buffer " : ""}${quoted(address)}`,
    `--header "Authorization: Bearer ${TOKEN}"`,
    `--header ${quoted("Content-Type: application/json")}`,
    ...(streams ? [`--header ${quoted("Accept: text/event-stream")}`] : []),
    ...otherHeaders(headers).map((header) => `--header ${quoted(header)}`),
    `--data-raw ${quoted(JSON.stringify(body))}`,
  ];
  return lines.join(" \\\n  ");
}

function otherHeaders(headers: string): string[] {
  if (!headers.trim()) return [];
  const given = Object.entries(JSON.parse(headers) as Record<string, unknown>);
  const kept = given.filter(([name]) => !CREDENTIALS.includes(name.toLowerCase()));
  return kept.map(([name, value]) => `${name}: ${String(value)}`);
}

/** One word to a POSIX shell: nothing is special between single quotes but these themselves. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
