import { createTheme } from "@mantine/core";

/** A calm harbour: ink and paper, one teal accent for the one main action of a view. */
export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 8, dark: 5 },
  autoContrast: true,
  defaultRadius: "md",
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", monospace',
  headings: { fontWeight: "650" },
  respectReducedMotion: true,
});
