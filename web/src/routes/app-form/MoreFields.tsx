import { NumberInput } from "@mantine/core";

import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import { Fold } from "./Fold";
import type { Form } from "./useForm";
import { VariablesField } from "./VariablesField";

const FIELDS = ["replicas", "runAsUser", "environment", "secrets"] as const;

/** What is asked of most apps sooner or later. */
export function MoreFields({ form, startsOpen }: { form: Form; startsOpen: boolean }) {
  const title = form.has("replicas") ? "replicas, variables, secrets" : "variables, secrets";
  return (
    <Fold form={form} fields={FIELDS} title={title} startsOpen={startsOpen}>
      {form.has("replicas") && (
        <NumberInput
          label="Replicas"
          description="How many pods; 0 stops the app"
          allowDecimal={false}
          className={classes.narrow ?? ""}
          value={form.values.replicas ?? ""}
          error={fieldMessage(form.error("replicas"))}
          onChange={(value) => form.set("replicas", value === "" ? null : Number(value))}
        />
      )}
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
    </Fold>
  );
}
