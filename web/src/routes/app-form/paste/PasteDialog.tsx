import { Button, Group, Stack, Textarea } from "@mantine/core";
import { useRef, useState } from "react";

import { Dialog } from "../../../components/Dialog/Dialog";
import { FailureNotice } from "../../../components/FailureNotice/FailureNotice";
import { Notice } from "../../../components/FailureNotice/Notice";
import { fieldMessage } from "../FieldMessage";
import type { Pasted } from "./pasted";
import { useReading } from "./useReading";

export interface PasteDialogProps {
  /** Whether the form has something that would be lost. */
  isTyped: boolean;
  onRead: (pasted: Pasted) => void;
  onClose: () => void;
}

/** Asks for what describes the app elsewhere, and has it read. Mount it to open it. */
export function PasteDialog({ isTyped, onRead, onClose }: PasteDialogProps) {
  const [text, setText] = useState("");
  const { read, forget, isBusy, refusal, error } = useReading();
  const input = useRef<HTMLTextAreaElement>(null);
  const submit = async () => {
    const pasted = await read(text);
    if (pasted) onRead(pasted);
    else input.current?.focus();
  };
  return (
    <Dialog title="Fill the form from what you have" isWide isHeld={isBusy} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          {isTyped && <Notice tone="attention" title="What is in the form now will be replaced" />}
          <Textarea
            ref={input}
            label="A docker run line, a compose file or Kubernetes YAML"
            description="It fills the form and is not kept; nothing is deployed yet."
            placeholder="docker run -p 8080:80 nginx:1.29"
            rows={12}
            resize="vertical"
            data-autofocus
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            readOnly={isBusy}
            classNames={{ input: "mono" }}
            value={text}
            error={fieldMessage(refusal)}
            onChange={(event) => {
              setText(event.currentTarget.value);
              forget();
            }}
          />
          {error && <FailureNotice error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" disabled={isBusy} onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={text.trim() === ""}>
              Fill the form
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
