import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compressedAssets } from "./build/compressedAssets.ts";
import { trustedDocuments } from "./build/trustedDocuments.ts";

const server = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), compressedAssets(), trustedDocuments()],
  build: {
    // Fonts stay files: the policy of the pages allows no data: sources but for images.
    assetsInlineLimit: 0,
    // The explorer's editor is one large piece, on a page of its own.
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: {
      input: ["index.html", "graphiql.html"],
      // Directives for React's compiler in the explorer's packages; nothing here reads them.
      onLog: (level, log, report) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
  worker: { format: "es" },
  server: {
    proxy: {
      "^/graphql$": { target: server, ws: true },
      "/auth": server,
      "/docs": server,
      "/graphql/": server,
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    // Tests replace globals alone, and put them back: loading the app anew for each file would treble the time.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 30_000, // a form that is filled in takes 2 s, and five where others use the machine too
  },
});
