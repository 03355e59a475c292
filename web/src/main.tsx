import "@fontsource-variable/inter/wght.css";
import "@fontsource/jetbrains-mono/latin-400.css";
import "@mantine/core/styles.css";
import "./theme/tokens.css";

import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import { pageNonce } from "./theme/nonce";
import { cssVariables, theme } from "./theme/theme";

window.__webpack_nonce__ = pageNonce();

const root = document.getElementById("root");

if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={pageNonce}
      >
        <App />
      </MantineProvider>
    </StrictMode>,
  );
}
