import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useRef, useState } from "react";

import { Icon } from "../../../components/Icon/Icon";
import type { Values } from "../values";
import classes from "./Paste.module.css";
import { PasteDialog } from "./PasteDialog";
import { PasteNotice } from "./PasteNotice";
import { reportOf, valuesOfPasted, type Pasted, type Report } from "./pasted";

export interface PasteBarProps {
  /** Whether the form has something that a paste would replace. */
  isTyped: boolean;
  isDisabled: boolean;
  /** Puts the values in, and takes the focus. */
  onFill: (values: Values) => void;
}

/** Above the form: a way to fill it with what describes the app elsewhere, and what came of that. */
export function PasteBar({ isTyped, isDisabled, onFill }: PasteBarProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [report, setReport] = useState<Report | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const fill = (pasted: Pasted) => {
    setReport(reportOf(pasted));
    close();
    onFill(valuesOfPasted(pasted));
  };
  const dismiss = () => {
    setReport(null);
    button.current?.focus();
  };
  return (
    <div className={classes.bar}>
      <div className={classes.offer}>
        <span className="dim">Does it run elsewhere already?</span>
        <Button
          ref={button}
          variant="default"
          size="xs"
          leftSection={<Icon name="copy" size={14} />}
          disabled={isDisabled}
          onClick={open}
        >
          Paste…
        </Button>
      </div>
      <p role="status" className="visually-hidden">
        {report && `The form is filled from what you pasted; left out: ${report.leftOut.length || "nothing"}.`}
      </p>
      {report && <PasteNotice report={report} onDismiss={dismiss} />}
      {isOpen && <PasteDialog isTyped={isTyped} onRead={fill} onClose={close} />}
    </div>
  );
}
