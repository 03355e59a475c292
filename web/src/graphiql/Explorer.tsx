import { localStorageColorSchemeManager } from "@mantine/core";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { useState } from "react";

import { CopyAsCurl } from "./CopyAsCurl";
import { DEFAULT_QUERY } from "./defaultQuery";
import { BEGIN } from "./examples";
import { examplesPlugin } from "./Examples";
import { ask, createFetcher } from "./fetcher";
import { keepsHeaders, withoutHeaders } from "./storage";
import { createSubjects } from "./subjects";

const ROOM_FOR_A_PANE = 1_000;

/** GraphiQL with the viewer's own session, examples to learn by, and commands to take away. */
export function Explorer() {
  const [{ fetcher, examples, storage, shouldPersistHeaders }] = useState(createExplorer);
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={[examples, HISTORY_PLUGIN]}
      {...(window.innerWidth >= ROOM_FOR_A_PANE ? { visiblePlugin: examples } : {})}
      defaultQuery={DEFAULT_QUERY}
      defaultTheme={chosenScheme()}
      defaultEditorToolsVisibility="variables"
      storage={storage}
      shouldPersistHeaders={shouldPersistHeaders}
      showPersistHeadersSettings
    >
      <GraphiQL.Toolbar>
        {({ prettify, merge, copy }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <CopyAsCurl />
          </>
        )}
      </GraphiQL.Toolbar>
    </GraphiQL>
  );
}

function createExplorer() {
  const subjects = createSubjects();
  const begun = ask(BEGIN.query, subjects.learn);
  return {
    fetcher: createFetcher(subjects.learn),
    examples: examplesPlugin(subjects, begun),
    // What is asked may hold secrets: it goes with the tab, and is not left to who uses this browser next. Headers are
    // not even kept for that long, unless the settings say so.
    storage: withoutHeaders(sessionStorage),
    shouldPersistHeaders: keepsHeaders(sessionStorage),
  };
}

/** Day or night as the app was set to on this device; null: as the system has it. */
function chosenScheme(): "light" | "dark" | null {
  const scheme = localStorageColorSchemeManager().get("auto");
  return scheme === "auto" ? null : scheme;
}
