import { ActionIcon, Button, Textarea, TextInput } from "@mantine/core";

import { Icon } from "../../components/Icon/Icon";
import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import fileClasses from "./FilesField.module.css";
import { file, type FileValues } from "./contents";
import type { Form } from "./useForm";
import { useRowFocus } from "./useRowFocus";

const MOST_ROWS = 16;

export interface FilesFieldProps {
  form: Form;
  field: "files" | "secretFiles";
  title: string;
  description: string;
}

/** Files, each with its path in the container and what is in it. */
export function FilesField({ form, field, title, description }: FilesFieldProps) {
  const files = form.values[field];
  const { rows, focusRow } = useRowFocus();
  const noun = field === "files" ? "file" : "secret file";
  const set = (next: readonly FileValues[]) => form.set(field, next);
  const change = (at: number, changed: Partial<FileValues>) =>
    set(files.map((each, index) => (index === at ? { ...each, ...changed } : each)));
  const listError = form.error(field);
  return (
    <fieldset ref={rows} className={classes.variables}>
      <legend>{title}</legend>
      <p className="dim">{description}</p>
      {listError && <p className={classes.listError}>{fieldMessage(listError)}</p>}
      {files.map((each, index) => (
        <div key={each.key} className={fileClasses.file} role="group" aria-label={`${title} ${index + 1}`}>
          <TextInput
            aria-label={`${title} ${index + 1}: path`}
            placeholder={field === "files" ? "/etc/app/settings.yaml" : "/etc/app/key.pem"}
            data-name
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: "mono" }}
            value={each.path}
            error={fieldMessage(form.error(`${field}.${index}.path`))}
            onChange={(event) => change(index, { path: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={`Remove ${each.path || `${noun} ${index + 1}`}`}
            onClick={() => {
              set(files.toSpliced(index, 1));
              focusRow(index);
            }}
          >
            <Icon name="cross" />
          </ActionIcon>
          <FileContent
            form={form}
            label={`${title} ${index + 1}: content`}
            path={`${field}.${index}.content`}
            isSecret={field === "secretFiles"}
            content={each.content}
            onChange={(content) => change(index, { content })}
          />
        </div>
      ))}
      <Button
        variant="default"
        size="xs"
        data-add
        leftSection={<Icon name="plus" size={14} />}
        onClick={() => {
          form.replaceFields({ [field]: [...files, file("", "")] });
          focusRow(files.length);
        }}
      >
        Add {noun}
      </Button>
    </fieldset>
  );
}

interface FileContentProps {
  form: Form;
  label: string;
  /** As in `files.0.content`: errors are looked up by it. */
  path: string;
  isSecret: boolean;
  content: string | null;
  onChange: (content: string) => void;
}

function FileContent({ form, label, path, isSecret, content, onChange }: FileContentProps) {
  if (content === null) {
    return (
      <div className={`${classes.kept} ${fileClasses.content}`}>
        <span className="dim">keeps its content</span>
        <Button size="compact-sm" variant="default" aria-label={`Replace ${label}`} onClick={() => onChange("")}>
          Replace
        </Button>
      </div>
    );
  }
  return (
    <Textarea
      aria-label={label}
      className={fileClasses.content ?? ""}
      rows={Math.min(MOST_ROWS, Math.max(4, content.split("\n").length))}
      resize="vertical"
      autoComplete="off"
      spellCheck={false}
      classNames={{ input: isSecret ? `mono ${classes.hidden}` : "mono" }}
      value={content}
      error={fieldMessage(form.error(path))}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
