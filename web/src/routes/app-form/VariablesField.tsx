import { ActionIcon, Button, TextInput } from "@mantine/core";
import { useState, type ClipboardEvent } from "react";

import { Notice } from "../../components/FailureNotice/Notice";
import { Icon } from "../../components/Icon/Icon";
import classes from "./AppForm.module.css";
import { parseEnvironment } from "./environmentFile";
import { fieldMessage } from "./FieldMessage";
import type { Form } from "./useForm";
import { useRowFocus } from "./useRowFocus";
import { ValueInput } from "./ValueInput";
import { variable, type Variable } from "./values";

export interface VariablesFieldProps {
  form: Form;
  field: "environment" | "secrets";
  /** As in "Environment"; the rows' inputs are named after it. */
  title: string;
  description: string;
}

/** Names and values, a row each. A `.env` file pasted into a name becomes a row for each of its lines. */
export function VariablesField({ form, field, title, description }: VariablesFieldProps) {
  const variables = form.values[field];
  const { rows, focusRow } = useRowFocus();
  const set = (next: readonly Variable[]) => form.set(field, next);
  const change = (at: number, changed: Partial<Variable>) =>
    set(variables.map((each, index) => (index === at ? { ...each, ...changed } : each)));
  const [unreadLines, setUnreadLines] = useState<readonly number[]>([]);
  const paste = (at: number, event: ClipboardEvent) => {
    const pasted = parseEnvironment(event.clipboardData.getData("text"));
    if (pasted.variables.length === 0) return;
    event.preventDefault();
    set(variables.toSpliced(at, 1, ...pasted.variables.map(({ name, value }) => variable(name, value))));
    setUnreadLines(pasted.unreadLines);
    focusRow(at);
  };
  const listError = form.error(field);
  return (
    <fieldset ref={rows} className={classes.variables}>
      <legend>{title}</legend>
      <p className="dim">{description}</p>
      {unreadLines.length > 0 && <UnreadLines lines={unreadLines} />}
      {listError && <p className={classes.listError}>{fieldMessage(listError)}</p>}
      {variables.map((each, index) => (
        <div key={each.key} className={classes.variable} onPaste={(event) => isName(event) && paste(index, event)}>
          <TextInput
            aria-label={`${title} ${index + 1}: name`}
            placeholder={field === "environment" ? "LOG_LEVEL" : "DATABASE_PASSWORD"}
            data-name
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: "mono" }}
            value={each.name}
            error={fieldMessage(form.error(`${field}.${index}.name`))}
            onChange={(event) => change(index, { name: event.currentTarget.value })}
          />
          <ValueInput
            label={`${title} ${index + 1}: value`}
            isSecret={field === "secrets"}
            value={each.value}
            error={fieldMessage(form.error(`${field}.${index}.value`))}
            onChange={(value) => change(index, { value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={`Remove ${each.name || `${title.toLowerCase()} ${index + 1}`}`}
            onClick={() => {
              set(variables.toSpliced(index, 1));
              focusRow(index);
            }}
          >
            <Icon name="cross" />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        size="xs"
        data-add
        leftSection={<Icon name="plus" size={14} />}
        onClick={() => {
          form.replaceFields({ [field]: [...variables, variable("", "")] });
          focusRow(variables.length);
        }}
      >
        {field === "environment" ? "Add variable" : "Add secret"}
      </Button>
    </fieldset>
  );
}

function UnreadLines({ lines }: { lines: readonly number[] }) {
  const which = lines.length === 1 ? "line" : "lines";
  return (
    <Notice tone="attention" title={`Nothing was taken from ${which} ${lines.join(", ")} of what you pasted`}>
      <p>A variable is written NAME=value, on a line of its own.</p>
    </Notice>
  );
}

function isName(event: ClipboardEvent): boolean {
  return event.target instanceof HTMLInputElement && event.target.dataset["name"] !== undefined;
}
