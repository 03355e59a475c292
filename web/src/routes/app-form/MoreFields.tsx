import { Button, Collapse, NumberInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import type { Form } from "./useForm";
import { VariablesField } from "./VariablesField";

/** What most apps can do without, at first. It opens by itself where something in it is wrong. */
export function MoreFields({ form, startsOpen }: { form: Form; startsOpen: boolean }) {
  const [isOpen, { toggle }] = useDisclosure(startsOpen);
  const hasError = (["replicas", "runAsUser", "environment", "secrets"] as const).some(form.isWrong);
  const isShown = isOpen || hasError;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-md"
        className={classes.more ?? ""}
        aria-expanded={isShown}
        onClick={toggle}
      >
        {isShown ? "Less" : "More: replicas, variables, secrets"}
      </Button>
      <Collapse expanded={isShown} transitionDuration={120}>
        <div className={classes.moreFields}>
          <NumberInput
            label="Replicas"
            description="How many pods; 0 stops the app"
            allowDecimal={false}
            className={classes.narrow ?? ""}
            value={form.values.replicas ?? ""}
            error={fieldMessage(form.error("replicas"))}
            onChange={(value) => form.set("replicas", value === "" ? null : Number(value))}
          />
          <VariablesField
            form={form}
            field="environment"
            title="Environment"
            description="Anybody who sees the app may read these. Paste a .env file into a name to fill in all of it."
          />
          <VariablesField
            form={form}
            field="secrets"
            title="Secrets"
            description="Kept in a Secret and never shown again. Paste a .env file here too."
          />
          <NumberInput
            label="Run as user"
            description="A user id, where the image would start as root; empty for the image's own"
            allowDecimal={false}
            hideControls
            className={classes.narrow ?? ""}
            value={form.values.runAsUser ?? ""}
            error={fieldMessage(form.error("runAsUser"))}
            onChange={(value) => form.set("runAsUser", value === "" ? null : Number(value))}
          />
        </div>
      </Collapse>
    </div>
  );
}
