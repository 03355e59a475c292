import "graphiql/style.css";
import "graphiql/setup-workers/vite";
import "./page.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Explorer } from "./Explorer";

const root = document.getElementById("graphiql");

if (root) {
  createRoot(root).render(
    <StrictMode>
      <Explorer />
    </StrictMode>,
  );
}
