/** One rule of the form, as the server gives it; the same rules are checked again there. */
export interface Rule {
  field: string;
  message: string;
  example: string;
  required: boolean;
  pattern?: string | null;
  maxLength?: number | null;
  minimum?: number | null;
  maximum?: number | null;
}

/** What to say beside a field; null where its value keeps the rule. */
export function check(rules: readonly Rule[], field: string, value: string | number | null): string | null {
  const rule = rules.find((one) => one.field === field);
  if (!rule || keeps(rule, value)) return null;
  return `${rule.message} Example: ${rule.example}`;
}

function keeps(rule: Rule, value: string | number | null): boolean {
  if (value === null || value === "") return !rule.required;
  if (typeof value === "number") return value >= (rule.minimum ?? -Infinity) && value <= (rule.maximum ?? Infinity);
  if (value.length > (rule.maxLength ?? Infinity)) return false;
  return !rule.pattern || new RegExp(`^(?:${rule.pattern})$`, "v").test(value);
}

/** A name for an app, proposed from its image: the last part of the path, without what a name may not have. */
export function proposeName(image: string): string {
  const last = image.split("@")[0]?.split("/").at(-1)?.split(":")[0] ?? "";
  return last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 50);
}

export interface Variable {
  name: string;
  value: string;
}

/** The variables of a pasted `.env` file: comments and `export` are left out, quotes taken off. */
export function parseEnv(text: string): Variable[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) return [];
    const [, name = "", raw = ""] = match;
    const quoted = /^(["'])(.*)\1$/.exec(raw);
    return [{ name, value: quoted?.[2] ?? raw }];
  });
}
