export interface Assignment {
  name: string;
  value: string;
}

const LINE = /^\s*(?:export\s+)?([^\s=#]+)\s*=[^\S\n]*("(?:\\.|[^"\\])*"|'[^']*'|[^\n]*)/;
const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

/**
 * The variables of a `.env` file: comments, blank lines and `export` are left out, quotes are taken off. Double quotes
 * may span lines and have escapes, single ones are taken as they are.
 */
export function parseEnvironment(text: string): Assignment[] {
  const found: Assignment[] = [];
  let rest = text.replaceAll("\r\n", "\n");
  while (rest !== "") {
    const match = LINE.exec(rest);
    const isHere = match !== null && !rest.slice(0, match[0].length).trimStart().startsWith("#");
    if (isHere) found.push({ name: match[1] ?? "", value: unquoted(match[2] ?? "") });
    rest = afterLine(rest, isHere ? match[0].length : 0);
  }
  return found;
}

function afterLine(text: string, from: number): string {
  const end = text.indexOf("\n", from);
  return end === -1 ? "" : text.slice(end + 1);
}

function unquoted(raw: string): string {
  const value = raw.trim();
  if (/^".*"$/s.test(value)) {
    return value.slice(1, -1).replace(/\\(.)/gs, (_all, escaped: string) => ESCAPES[escaped] ?? escaped);
  }
  if (/^'.*'$/s.test(value)) return value.slice(1, -1);
  return value.replace(/\s+#.*$/, "");
}
