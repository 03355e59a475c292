import { graphql, readFragment, type FragmentType } from "../../gql";
import type { FormRulesFragment } from "../../gql/graphql";

const FormRulesFragment = graphql(`
  fragment FormRules on WorkloadForm {
    rules {
      field
      message
      example
      required
      pattern
      maxLength
      minimum
      maximum
      atMost
      maxItems
      notBelow
      uniqueAmong
    }
  }
`);

export type Rule = FormRulesFragment["rules"][number];

/** What is wrong with a field, and a value that would do. */
export interface FieldError {
  message: string;
  example: string | null;
}

/** What is wrong, by the path of the field: `name`, `environment.0.value`. */
export type FieldErrors = ReadonlyMap<string, FieldError>;

export function formRules(form: FragmentType<typeof FormRulesFragment>): readonly Rule[] {
  return readFragment(FormRulesFragment, form).rules;
}

/** Every rule that `values` break. The server checks by the same rules, so what passes here passes there. */
export function check(rules: readonly Rule[], values: object): FieldErrors {
  const errors = new Map<string, FieldError>();
  for (const rule of rules) {
    const repeats = repeated(rule, values);
    for (const [path, value] of valuesAt(values, rule.field.split("."), [])) {
      const other = repeats.get(path);
      const holds = keeps(rule, value) && boundOf(rule, value, values, path) === null;
      if (other !== undefined) errors.set(path, { message: rule.message, example: other });
      else if (!holds) errors.set(path, { message: rule.message, example: exampleOf(rule, values, path) });
    }
  }
  return errors;
}

/** Each value that a rule's field leads to, with its own path; `*` stands for every item of a list. */
function* valuesAt(holder: unknown, steps: readonly string[], path: readonly string[]): Generator<[string, unknown]> {
  const [step, ...rest] = steps;
  if (step === undefined) {
    yield [path.join("."), holder];
  } else if (holder == null) {
    return; // what is absent has nothing below it
  } else if (step === "*") {
    for (const [index, item] of (holder as unknown[]).entries()) yield* valuesAt(item, rest, [...path, String(index)]);
  } else {
    yield* valuesAt((holder as Record<string, unknown>)[step], rest, [...path, step]);
  }
}

/** The number of another field that it goes beyond, and must not; null where it does not. */
function boundOf(rule: Rule, value: unknown, values: object, path: string): number | null {
  if (typeof value !== "number") return null;
  const beside = (last: string) => [...path.split(".").slice(0, -1), last];
  const floors = rule.notBelow == null ? [] : numbersAt(values, rule.notBelow.split("."));
  const ceilings = rule.atMost == null ? [] : numbersAt(values, beside(rule.atMost));
  return floors.find((floor) => value < floor) ?? ceilings.find((ceiling) => value > ceiling) ?? null;
}

function numbersAt(values: object, steps: readonly string[]): number[] {
  return [...valuesAt(values, steps, [])].map(([, value]) => value).filter((value) => typeof value === "number");
}

/** The rule's own, or the number of the other field that this one would go beyond. */
function exampleOf(rule: Rule, values: object, path: string): string {
  if (rule.notBelow == null && rule.atMost == null) return rule.example;
  const bound = boundOf(rule, Number(rule.example), values, path);
  return bound !== null && keeps(rule, bound) ? String(bound) : rule.example;
}

/** Each place of a value that a field before it has too, of those it has to be unique among, with another value. */
function repeated({ uniqueAmong }: Rule, values: object): ReadonlyMap<string, string> {
  const among = uniqueAmong.flatMap((field) => [...valuesAt(values, field.split("."), [])]);
  const taken = new Set(among.map(([, value]) => value));
  const seen = new Set<unknown>();
  const found = new Map<string, string>();
  for (const [path, value] of among) {
    if (typeof value === "string" && value !== "" && seen.has(value)) found.set(path, unlike(value, taken));
    seen.add(value);
  }
  return found;
}

function unlike(value: string, taken: ReadonlySet<unknown>): string {
  let number = 2;
  while (taken.has(`${value}${number}`)) number += 1;
  return `${value}${number}`;
}

function keeps(rule: Rule, value: unknown): boolean {
  if (value == null || value === "") return !rule.required;
  if (typeof value === "string") return textKeeps(rule, value);
  if (typeof value === "number") return value >= (rule.minimum ?? -Infinity) && value <= (rule.maximum ?? Infinity);
  return !Array.isArray(value) || value.length <= (rule.maxItems ?? Infinity);
}

/** Characters are counted as the server counts them: an emoji is one. */
function textKeeps(rule: Rule, text: string): boolean {
  if (Array.from(text).length > (rule.maxLength ?? Infinity)) return false;
  return rule.pattern == null || new RegExp(`^(?:${rule.pattern})$`, "v").test(text);
}
