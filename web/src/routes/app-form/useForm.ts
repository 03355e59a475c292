import { useMemo, useState } from "react";

import { check, type FieldError, type FieldErrors, type Rule } from "./rules";
import { proposedName } from "./proposedName";
import { unofferedExposure, type Offer } from "./exposures";
import { fieldsOf, type Kind } from "./kinds";
import { asked, NOT_ASKED, type Values } from "./values";

export interface Form {
  values: Values;
  /** Whether apps of the kind that was chosen have this field. */
  has: (field: keyof Values) => boolean;
  /** Whether every rule holds. */
  isValid: boolean;
  /** Whether something was typed or reviewed yet, so that what is wrong is worth telling. */
  isTold: boolean;
  set: <Field extends keyof Values>(field: Field, value: Values[Field]) => void;
  /** Several fields at once: what was chosen, not typed, is not told to be wrong. */
  replaceFields: (changed: Partial<Values>) => void;
  /** What to say beside a field; null while it is right, or was not typed in yet. */
  error: (path: string) => FieldError | null;
  /** Whether a field tells that something in it is wrong, one of its rows included. */
  isWrong: (field: keyof Values) => boolean;
  /** Put other values in: a fix of the server's. */
  replace: (values: Values) => void;
  /** Begin anew with what was pasted, and tell what is wrong with it; a name that it lacks is proposed from its image. */
  fill: (values: Values) => void;
  /** How often it was filled: what is unfolded or typed halfway begins anew with each. */
  fillings: number;
  /** From now on every field tells what is wrong with it. */
  showAll: () => void;
  /** What the server refused, until the form is changed again. */
  refuse: (errors: FieldErrors) => void;
}

export interface FormOptions {
  isNew: boolean;
  kinds: readonly Kind[];
  /** From where apps can be reached on this installation. */
  offers: readonly Offer[];
}

/** The state of the form: values, and which fields are to tell what is wrong with them. */
export function useForm(initial: Values, rules: readonly Rule[], { isNew, kinds, offers }: FormOptions): Form {
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isShowingAll, setShowingAll] = useState(false);
  const [refused, setRefused] = useState<FieldErrors>(new Map());
  const said = useMemo(() => asked(values, fieldsOf(kinds, values.kind)), [kinds, values]);
  const errors = useMemo(
    () => new Map([...check(rules, said), ...unofferedExposure(offers, said.exposure, initial.exposure)]),
    [rules, said, offers, initial.exposure],
  );
  const [fillings, setFillings] = useState(0);
  const longestName = rules.find((rule) => rule.field === "name")?.maxLength ?? Infinity;
  const named = (next: Values) => ({ ...next, name: proposedName(next.image, longestName) });
  const isShown = (path: string) => isShowingAll || touched.has(path.split(".")[0] ?? path);

  return {
    values,
    has: (field) => !(field in NOT_ASKED) || fieldsOf(kinds, values.kind).includes(field),
    isValid: errors.size === 0,
    isTold: isShowingAll || touched.size > 0,
    set: (field, value) => {
      const next = { ...values, [field]: value };
      const proposes = isNew && field === "image" && !touched.has("name");
      setValues(proposes ? named(next) : next);
      setTouched(new Set([...touched, field]));
      setRefused(new Map());
    },
    replaceFields: (changed) => {
      setValues({ ...values, ...changed });
      setRefused(new Map());
    },
    error: (path) => refused.get(path) ?? (isShown(path) ? (errors.get(path) ?? null) : null),
    isWrong: (field) =>
      [...refused.keys(), ...[...errors.keys()].filter(isShown)].some((path) => path.split(".")[0] === field),
    replace: (next) => {
      setValues(next);
      setRefused(new Map());
    },
    fill: (next) => {
      setValues(next.name ? next : named(next));
      setTouched(new Set(next.name ? ["name"] : []));
      setShowingAll(true);
      setRefused(new Map());
      setFillings(fillings + 1);
    },
    fillings,
    showAll: () => setShowingAll(true),
    refuse: setRefused,
  };
}
