import { Textarea } from "@mantine/core";

import { fieldMessage } from "./FieldMessage";
import type { Form } from "./useForm";

export interface WordsFieldProps {
  form: Form;
  /** As in `arguments`, `readiness.command`: errors are looked up by it. */
  path: string;
  label: string;
  description: string;
  placeholder: string;
  value: readonly string[];
  onChange: (words: readonly string[]) => void;
}

/** A command line, a word a line: nothing in it has to be quoted. */
export function WordsField({ form, path, label, description, placeholder, value, onChange }: WordsFieldProps) {
  const wrong = value.map((_, index) => form.error(`${path}.${index}`)).find((error) => error !== null);
  return (
    <Textarea
      label={label}
      description={description}
      placeholder={placeholder}
      rows={Math.max(2, Math.min(value.length, 8))}
      autoComplete="off"
      spellCheck={false}
      classNames={{ input: "mono" }}
      value={value.join("\n")}
      error={fieldMessage(form.error(path) ?? wrong ?? null)}
      onChange={(event) => onChange(wordsOf(event.currentTarget.value))}
    />
  );
}

function wordsOf(text: string): readonly string[] {
  return text === "" ? [] : text.split("\n");
}
