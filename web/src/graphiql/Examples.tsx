import { type GraphiQLPlugin, StarIcon, useGraphiQL, useGraphiQLActions } from "@graphiql/react";

import { DEFAULT_QUERY } from "./defaultQuery";
import { type Example, EXAMPLES } from "./examples";
import type { Subjects } from "./subjects";

const OURS = new Set([DEFAULT_QUERY, ...EXAMPLES.flatMap(({ examples }) => examples.map(({ query }) => query))]);

/** The pane of examples. `begun` is kept once what the viewer has already is known, as far as it can be. */
export function examplesPlugin(subjects: Subjects, begun: Promise<void>): GraphiQLPlugin {
  return { title: "Examples", icon: StarIcon, content: () => <Examples subjects={subjects} begun={begun} /> };
}

function Examples({ subjects, begun }: { subjects: Subjects; begun: Promise<void> }) {
  const open = useOpen();
  const pick = async ({ query, variables }: Example) => {
    await begun;
    open(query, variables ? subjects.fill(variables) : "");
  };
  return (
    <section className="explorer-examples" aria-label="Examples">
      <h2>Examples</h2>
      <p>
        From top to bottom each has what it needs. What rights and points a field takes:{" "}
        <a href="/docs/graphql">reference</a>. For tools: <a href="/graphql/schema.graphql">schema.graphql</a>.
      </p>
      {EXAMPLES.map(({ title, examples }) => (
        <section key={title}>
          <h3>{title}</h3>
          <ul>
            {examples.map((example) => (
              <li key={example.title}>
                <button type="button" onClick={() => void pick(example)}>
                  {example.title}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

/** Opens an operation in the editors; in a tab of its own where the one that is open holds what somebody typed. */
function useOpen(): (query: string, variables: string) => void {
  const actions = useGraphiQLActions();
  const queryEditor = useGraphiQL(({ queryEditor }) => queryEditor);
  const variableEditor = useGraphiQL(({ variableEditor }) => variableEditor);
  return (query, variables) => {
    const shown = queryEditor?.getValue() ?? "";
    if (shown.trim() && !OURS.has(shown)) actions.addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
  };
}
