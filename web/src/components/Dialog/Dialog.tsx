import { Modal } from "@mantine/core";
import { useEffect, type ReactNode } from "react";

export interface DialogProps {
  title: string;
  /** Something would be missed if it were closed now: what the server answers, or what is shown this once. */
  isHeld?: boolean;
  /** It has text of many columns. */
  isWide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog; mount it to open it. While it is held, neither Esc nor a click beside it closes it. */
export function Dialog({ title, isHeld = false, isWide = false, onClose, children }: DialogProps) {
  useFocusReturn();
  return (
    <Modal
      opened
      size={isWide ? "lg" : "md"}
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

/** Gives the focus back to what opened the dialog; Mantine does so only where a dialog stays mounted while it is closed. */
function useFocusReturn(): void {
  useEffect(() => {
    const opener = document.activeElement;
    return () => {
      // Whoever closed it may have led the focus elsewhere: only a lost one is taken back.
      requestAnimationFrame(() => {
        if (opener instanceof HTMLElement && document.activeElement === document.body) opener.focus();
      });
    };
  }, []);
}
