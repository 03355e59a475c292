import { ToolbarButton, useGraphiQL } from "@graphiql/react";

import { curlCommand } from "./curl";
import { useCopy } from "./useCopy";

/** Copies what would be sent as a command line, for a program's token in place of the session. */
export function CopyAsCurl() {
  const editors = useGraphiQL(({ queryEditor, variableEditor, headerEditor, operationName }) => ({
    queryEditor,
    variableEditor,
    headerEditor,
    operationName,
  }));
  const { told, copy } = useCopy();
  const command = () =>
    curlCommand(new URL("/graphql", window.location.href).href, {
      query: editors.queryEditor?.getValue() ?? "",
      variables: editors.variableEditor?.getValue() ?? "",
      headers: editors.headerEditor?.getValue() ?? "",
      operationName: editors.operationName,
    });
  return (
    <div className="explorer-curl">
      <ToolbarButton label="Copy as curl" onClick={() => void copy(command)}>
        <span aria-hidden="true">curl</span>
      </ToolbarButton>
      {/* Beside the button, as its tooltip goes with the click. It is there before it says anything, so that it is read out. */}
      <span role="status" className="explorer-told">
        {told}
      </span>
    </div>
  );
}
