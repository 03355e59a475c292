import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  // Fonts stay files: the policy of the pages allows no data: sources but for images.
  build: { assetsInlineLimit: 0 },
  server: {
    proxy: { "/graphql": { target: server, ws: true }, "/auth": server },
  },
  test: { environment: "jsdom" },
});
