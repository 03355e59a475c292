import catalogue from "./examples/catalogue.json";

export type Variables = Record<string, unknown>;

/** What the examples are about, by the placeholders that stand for it, as `<namespace>`. */
export interface Subjects {
  /** Take from an answer's data what later examples are about. What was made counts at once, what was found where nothing else is known. */
  learn: (data: unknown) => void;
  /** The variables as JSON text, with what is known in place of its placeholders. */
  fill: (variables: Variables) => string;
}

const SOURCES: Record<string, { made: string[]; found: string[] }> = catalogue.subjects;

export function createSubjects(): Subjects {
  const known = new Map<string, string>();
  return {
    learn: (data) => {
      for (const [name, { made, found }] of Object.entries(SOURCES)) {
        const value = first(data, made) ?? known.get(name) ?? first(data, found);
        if (value !== undefined) known.set(name, value);
      }
    },
    fill: (variables) => JSON.stringify(variables, (_, value: unknown) => known.get(placeholder(value)) ?? value, 2),
  };
}

function placeholder(value: unknown): string {
  return typeof value === "string" ? (/^<(\w+)>$/.exec(value)?.[1] ?? "") : "";
}

function first(data: unknown, paths: string[]): string | undefined {
  return paths.map((path) => path.split(".").reduce(below, data)).find((value) => typeof value === "string");
}

function below(value: unknown, step: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined;
}
