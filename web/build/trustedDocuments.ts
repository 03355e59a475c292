import { createHash } from "node:crypto";
import { formatDocument, stringifyDocument, type TypedDocumentNode } from "@urql/core";
import { type DocumentNode, Kind } from "graphql";
import type { Plugin } from "vite";

import * as graph from "../src/gql/graphql.ts";

const FILE = "trusted-documents.json";

/** Leaves the app's operations beside its pages, text by hash, for a server that executes no others. */
export function trustedDocuments(): Plugin {
  return {
    name: "trusted-documents",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: FILE, source: `${JSON.stringify(manifest(), null, 1)}\n` });
    },
  };
}

function manifest(): Record<string, string> {
  const exported: unknown[] = Object.values(graph);
  const texts = exported.filter(isOperation).flatMap(sentAs).sort();
  return Object.fromEntries(texts.map((text) => [createHash("sha256").update(text).digest("hex"), text]));
}

/** How the app sends a document: with the names of types for its cache, or as it is where nothing may be kept. */
function sentAs(document: DocumentNode): string[] {
  // The library's own type of a formatted document does not know that it is one.
  const formatted = formatDocument(document as TypedDocumentNode) as unknown as DocumentNode;
  // Each is printed from a copy: a printed document remembers its text.
  return [document, formatted].map((each) => stringifyDocument({ ...each }));
}

function isOperation(exported: unknown): exported is DocumentNode {
  const { definitions = [] } = exported as Partial<DocumentNode>;
  return definitions.some((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}
