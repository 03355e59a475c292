import { ToolbarButton, useGraphiQL } from "@graphiql/react";
import { useEffect, useState } from "react";

import { curlCommand } from "./curl";

const LABEL = "Copy as curl";
const TOLD_MS = 3_000;

/** Copies what would be sent as a command line, for a program's token in place of the session. */
export function CopyAsCurl() {
  const editors = useGraphiQL(({ queryEditor, variableEditor, headerEditor, operationName }) => ({
    queryEditor,
    variableEditor,
    headerEditor,
    operationName,
  }));
  const [label, setLabel] = useState(LABEL);
  useEffect(() => {
    const back = setTimeout(() => setLabel(LABEL), TOLD_MS);
    return () => clearTimeout(back);
  }, [label]);
  const copy = async () => {
    try {
      const command = curlCommand(new URL("/graphql", window.location.href).href, {
        query: editors.queryEditor?.getValue() ?? "",
        variables: editors.variableEditor?.getValue() ?? "",
        headers: editors.headerEditor?.getValue() ?? "",
        operationName: editors.operationName,
      });
      await navigator.clipboard.writeText(command);
      setLabel("Copied: put your token in MOORAGE_TOKEN");
    } catch (error) {
      setLabel(error instanceof SyntaxError ? "Variables or headers are no JSON" : "The browser does not let us copy");
    }
  };
  return (
    <ToolbarButton label={label} onClick={() => void copy()}>
      <span className="explorer-curl" aria-hidden="true">
        curl
      </span>
    </ToolbarButton>
  );
}
