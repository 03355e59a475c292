import { Modal } from "@mantine/core";
import type { ReactNode } from "react";

export interface DialogProps {
  title: string;
  /** Something would be missed if it were closed now: what the server answers, or what is shown this once. */
  isHeld?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog; mount it to open it. While it is held, neither Esc nor a click beside it closes it. */
export function Dialog({ title, isHeld = false, onClose, children }: DialogProps) {
  return (
    <Modal
      opened
      title={title}
      onClose={onClose}
      closeOnEscape={!isHeld}
      closeOnClickOutside={!isHeld}
      withCloseButton={!isHeld}
    >
      {children}
    </Modal>
  );
}
