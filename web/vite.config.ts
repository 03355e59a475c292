import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  server: {
    proxy: { "/graphql": { target: server, ws: true }, "/auth": server },
  },
  test: { environment: "jsdom" },
});
