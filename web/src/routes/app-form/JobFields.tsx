import { NumberInput } from "@mantine/core";

import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import { Fold } from "./Fold";
import type { Form } from "./useForm";

const FIELDS = ["retries", "timeLimitSeconds"] as const;

/** What happens to a run that fails, or does not end. */
export function JobFields({ form, startsOpen }: { form: Form; startsOpen: boolean }) {
  return (
    <Fold form={form} fields={FIELDS} title="retries, time limit" startsOpen={startsOpen}>
      <NumberInput
        label="Retries"
        description="How often a run that fails is tried again"
        allowDecimal={false}
        className={classes.narrow ?? ""}
        value={form.values.retries ?? ""}
        error={fieldMessage(form.error("retries"))}
        onChange={(value) => form.set("retries", value === "" ? null : Number(value))}
      />
      <NumberInput
        label="Time limit, in seconds"
        description="After it a run is stopped, retries included; empty for none"
        allowDecimal={false}
        hideControls
        className={classes.narrow ?? ""}
        value={form.values.timeLimitSeconds ?? ""}
        error={fieldMessage(form.error("timeLimitSeconds"))}
        onChange={(value) => form.set("timeLimitSeconds", value === "" ? null : Number(value))}
      />
    </Fold>
  );
}
