import { NumberInput } from "@mantine/core";

import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import { Fold } from "./Fold";
import { ReplicasField } from "./ReplicasField";
import type { Form } from "./useForm";
import { VariablesField } from "./VariablesField";

const FIELDS = ["replicas", "autoscaling", "runAsUser", "environment", "secrets"] as const;

/** What is asked of most apps sooner or later. */
export function MoreFields({ form, startsOpen }: { form: Form; startsOpen: boolean }) {
  const title = form.has("replicas") ? "replicas, variables, secrets" : "variables, secrets";
  return (
    <Fold form={form} fields={FIELDS} title={title} startsOpen={startsOpen}>
      {form.has("replicas") && <ReplicasField form={form} />}
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
