import { NumberInput, Switch, TextInput } from "@mantine/core";

import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import type { Form } from "./useForm";
import { NEW_CHECK, type Check, type CheckName } from "./values";
import { WordsField } from "./WordsField";

const TIMES = [
  { field: "delaySeconds", label: "Wait first, s" },
  { field: "periodSeconds", label: "Every, s" },
  { field: "timeoutSeconds", label: "Takes at most, s" },
  { field: "failures", label: "Failures in a row" },
] as const;

export interface CheckFieldProps {
  form: Form;
  name: CheckName;
  title: string;
  description: string;
}

/** A check that Kubernetes makes of each pod, or none. */
export function CheckField({ form, name, title, description }: CheckFieldProps) {
  const check = form.values[name];
  return (
    <div className={classes.check} role="group" aria-label={title}>
      <Switch
        label={title}
        description={description}
        checked={check !== null}
        onChange={(event) => form.set(name, event.currentTarget.checked ? NEW_CHECK : null)}
      />
      {check && <CheckDetails form={form} name={name} check={check} />}
    </div>
  );
}

function CheckDetails({ form, name, check }: { form: Form; name: CheckName; check: Check }) {
  const change = (changed: Partial<Check>) => form.set(name, { ...check, ...changed });
  return (
    <div className={classes.checkDetails}>
      <TextInput
        label="Path"
        description="GET of it on the app's port answers 200; empty: the port accepts a connection"
        placeholder="/healthz"
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: "mono" }}
        value={check.path}
        error={fieldMessage(form.error(`${name}.path`))}
        onChange={(event) => change({ path: event.currentTarget.value })}
      />
      <WordsField
        form={form}
        path={`${name}.command`}
        label="Or a command"
        description="It ends with 0; a word a line"
        placeholder="/bin/check"
        value={check.command}
        onChange={(command) => change({ command })}
      />
      <div className={classes.times}>
        {TIMES.map(({ field, label }) => (
          <NumberInput
            key={field}
            label={label}
            allowDecimal={false}
            hideControls
            value={check[field] ?? ""}
            error={fieldMessage(form.error(`${name}.${field}`))}
            onChange={(value) => change({ [field]: value === "" ? null : Number(value) })}
          />
        ))}
      </div>
    </div>
  );
}
