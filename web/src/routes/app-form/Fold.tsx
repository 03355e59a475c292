import { Button, Collapse } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";

import classes from "./AppForm.module.css";
import type { Form } from "./useForm";
import type { Values } from "./values";

export interface FoldProps {
  form: Form;
  /** The fields inside: where one of them is wrong, it is open. */
  fields: readonly (keyof Values)[];
  title: string;
  startsOpen: boolean;
  children: ReactNode;
}

/** A part of the form that most apps can do without. */
export function Fold({ form, fields, title, startsOpen, children }: FoldProps) {
  const [isOpen, { toggle }] = useDisclosure(startsOpen);
  const isShown = isOpen || fields.some(form.isWrong);
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-md"
        className={classes.more ?? ""}
        aria-expanded={isShown}
        onClick={toggle}
      >
        {isShown ? `Less: ${title}` : `More: ${title}`}
      </Button>
      <Collapse expanded={isShown} transitionDuration={120}>
        <div className={classes.moreFields}>{children}</div>
      </Collapse>
    </div>
  );
}
