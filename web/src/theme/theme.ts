import { Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** The one accent, for the one main action of a view. */
const teal: MantineColorsTuple = [
  "#e6f5f3",
  "#cde9e6",
  "#9fd5d0",
  "#6dc0b9",
  "#45ada5",
  "#2a9c93",
  "#138a82",
  "#0c716b",
  "#0a5f5a",
  "#074a46",
];

/** Deep water, from mist to night; Mantine calls the scale of its dark surfaces `dark`. */
const ink: MantineColorsTuple = [
  "#e4ebec",
  "#b8c5c9",
  "#93a4ab",
  "#6b7e87",
  "#2c404b",
  "#22343e",
  "#182831",
  "#111e26",
  "#0c171d",
  "#081116",
];

export const theme = createTheme({
  colors: { teal, dark: ink },
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 4 },
  black: "#13222b",
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", ui-monospace, monospace',
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.3" },
      h2: { fontSize: "1rem", lineHeight: "1.4" },
      h3: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      // Mantine takes the text's colour from the light scheme's shade alone.
      vars: (_theme, { variant = "filled", color }) => ({ root: variant === "filled" ? filled(color) : {} }),
    }),
    Modal: {
      defaultProps: { transitionProps: { duration: 120 }, centered: true, closeButtonProps: { "aria-label": "Close" } },
    },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
    Menu: { defaultProps: { transitionProps: { duration: 100 } } },
    Tooltip: { defaultProps: { transitionProps: { duration: 100 }, openDelay: 150 } },
  },
});

/** Text and ground of a button that does something: by day and by night as readable as AA asks for. */
function filled(color: string | undefined): Record<string, string> {
  if (color === "red") return { "--button-bg": "var(--failure-fill)", "--button-color": "#ffffff" };
  return { "--button-color": "var(--on-accent)" };
}

/** Mantine's surfaces, in the colours of `tokens.css`. */
export const cssVariables: CSSVariablesResolver = () => {
  const surfaces = {
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-text": "var(--text)",
    "--mantine-color-dimmed": "var(--text-dim)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--surface-sunken)",
    "--mantine-color-default-border": "var(--line-strong)",
    "--mantine-color-placeholder": "var(--text-faint)",
    "--mantine-color-error": "var(--failure-text)",
    "--mantine-color-anchor": "var(--accent-text)",
  };
  return { variables: {}, light: surfaces, dark: surfaces };
};
