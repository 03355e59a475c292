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
    for (const [path, value] of valuesAt(values, rule.field.split("."), [])) {
      const holds = keeps(rule, value) && reaches(rule, value, values) && isAtMost(rule, value, values, path);
      if (!holds) errors.set(path, { message: rule.message, example: rule.example });
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

/** Whether it is no less than the number that the rule names, where there are two to compare. */
function reaches({ notBelow }: Rule, value: unknown, values: object): boolean {
  if (notBelow == null || typeof value !== "number") return true;
  const floors = [...valuesAt(values, notBelow.split("."), [])];
  return floors.every(([, floor]) => typeof floor !== "number" || value >= floor);
}

/** Whether the number is no larger than that of the field beside it, which it must not exceed. */
function isAtMost(rule: Rule, value: unknown, values: object, path: string): boolean {
  if (rule.atMost == null || typeof value !== "number") return true;
  const beside = [...path.split(".").slice(0, -1), rule.atMost];
  return [...valuesAt(values, beside, [])].every(([, other]) => typeof other !== "number" || value <= other);
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
