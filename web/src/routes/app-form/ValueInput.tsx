import { Button, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useCallback, useState, type ClipboardEvent, type ReactNode } from "react";

import classes from "./AppForm.module.css";

export interface ValueInputProps {
  label: string;
  isSecret: boolean;
  /** null: a secret that keeps the value that it has. */
  value: string | null;
  error: ReactNode;
  onChange: (value: string) => void;
}

/** The value of a variable: a line, or as many as it has. */
export function ValueInput({ label, isSecret, value, error, onChange }: ValueInputProps) {
  const [isPasted, setPasted] = useState(false);
  // The line that it was pasted into had the focus, and is gone.
  const focus = useCallback((lines: HTMLTextAreaElement | null) => (isPasted ? lines?.focus() : undefined), [isPasted]);
  const pasteLines = (event: ClipboardEvent<HTMLInputElement>) => {
    const lines = pastedLines(event);
    if (lines === null) return;
    event.preventDefault();
    setPasted(true);
    onChange(lines);
  };
  if (value === null) {
    return (
      <div className={classes.kept}>
        <span className="dim">keeps its value</span>
        <Button size="compact-sm" variant="default" onClick={() => onChange("")}>
          Replace
        </Button>
      </div>
    );
  }
  const shared = { "aria-label": label, value, error };
  if (value.includes("\n")) {
    return (
      <Textarea
        {...shared}
        ref={focus}
        rows={4}
        resize="vertical"
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: isSecret ? `mono ${classes.hidden}` : "mono" }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  const Input = isSecret ? PasswordInput : TextInput;
  return (
    <Input
      {...shared}
      autoComplete={isSecret ? "new-password" : "off"}
      classNames={{ input: "mono" }}
      onChange={(event) => onChange(event.currentTarget.value)}
      onPaste={pasteLines}
    />
  );
}

/**
 * What the value becomes where several lines are pasted into it; null where it is one, which the browser does. An input
 * of one line would join them, which makes a key worthless.
 */
function pastedLines(event: ClipboardEvent<HTMLInputElement>): string | null {
  const text = event.clipboardData.getData("text").replaceAll("\r\n", "\n");
  if (!text.trim().includes("\n")) return null;
  const { value, selectionStart, selectionEnd } = event.currentTarget;
  return value.slice(0, selectionStart ?? 0) + text + value.slice(selectionEnd ?? value.length);
}
