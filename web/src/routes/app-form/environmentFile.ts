export interface Assignment {
  name: string;
  value: string;
}

export interface EnvironmentFile {
  variables: Assignment[];
  /** The numbers, from 1, of the lines that are neither a variable nor a comment: nothing was taken from them. */
  unreadLines: number[];
}

const ASSIGNMENT = /[^\S\n]*(?:export[^\S\n]+)?([^\s=#]+)[^\S\n]*=[^\S\n]*("(?:\\.|[^"\\])*"|'[^']*'|[^\n]*)/sy;
const NOTHING = /^\s*(?:#.*)?$/;
const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

/**
 * The variables of a `.env` file: comments, blank lines and `export` are left out, quotes are taken off. Double quotes
 * may span lines and have escapes, single ones may span lines and are taken as they are.
 */
export function parseEnvironment(text: string): EnvironmentFile {
  const source = text.replaceAll("\r\n", "\n");
  const file: EnvironmentFile = { variables: [], unreadLines: [] };
  for (let at = 0, line = 1; at < source.length; ) {
    const found = assignmentAt(source, at);
    const end = endOfLine(source, found ? found.end : at);
    if (found) file.variables.push(found.variable);
    else if (!NOTHING.test(source.slice(at, end))) file.unreadLines.push(line);
    line += source.slice(at, end).split("\n").length;
    at = end + 1;
  }
  return file;
}

function assignmentAt(source: string, at: number): { variable: Assignment; end: number } | null {
  ASSIGNMENT.lastIndex = at;
  const match = ASSIGNMENT.exec(source);
  return match && { variable: { name: match[1] ?? "", value: unquoted(match[2] ?? "") }, end: ASSIGNMENT.lastIndex };
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end === -1 ? source.length : end;
}

function unquoted(raw: string): string {
  const value = raw.trim();
  if (/^".*"$/s.test(value)) {
    return value.slice(1, -1).replace(/\\(.)/gs, (_all, escaped: string) => ESCAPES[escaped] ?? escaped);
  }
  if (/^'.*'$/s.test(value)) return value.slice(1, -1);
  return value.replace(/\s+#.*$/, "");
}
