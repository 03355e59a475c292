import catalogue from "./examples/catalogue.json";
import type { Variables } from "./subjects";

/** An operation to learn by: its text, which begins with what it is for, and its variables, placeholders in them. */
export interface Example {
  title: string;
  query: string;
  variables: Variables | null;
}

export interface ExampleGroup {
  title: string;
  examples: Example[];
}

const DOCUMENTS = import.meta.glob<string>("./examples/*.graphql", { query: "?raw", import: "default", eager: true });
const VARIABLES = import.meta.glob<Variables>("./examples/*.json", { import: "default", eager: true });

/** The examples, in the order in which each has what it needs. The server's tests execute the same files. */
export const EXAMPLES: ExampleGroup[] = catalogue.groups.map(({ title, examples }) => ({
  title,
  examples: examples.map(example),
}));

/** What tells what the viewer has already. */
export const BEGIN: Example = example(catalogue.begin);

function example(name: string): Example {
  const query = DOCUMENTS[`./examples/${name}.graphql`];
  if (query === undefined) throw new Error(`The catalogue names ${name}, and there is no such example.`);
  const [heading = ""] = query.split("\n");
  return { title: heading.replace(/^# /, ""), query, variables: VARIABLES[`./examples/${name}.json`] ?? null };
}
