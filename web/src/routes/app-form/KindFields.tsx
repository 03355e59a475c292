import { NumberInput } from "@mantine/core";

import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import { ScheduleField } from "./ScheduleField";
import type { Form } from "./useForm";
import { VolumesField } from "./VolumesField";

/** What is asked first of an app of the kind that was chosen. */
export function KindFields({ form, isNew }: { form: Form; isNew: boolean }) {
  const { port, schedule } = form.values;
  return (
    <>
      {form.has("port") && (
        <NumberInput
          label="Port"
          description="The one that the app listens on; empty for none"
          allowDecimal={false}
          hideControls
          className={classes.narrow ?? ""}
          value={port ?? ""}
          error={fieldMessage(form.error("port"))}
          onChange={(value) => form.set("port", value === "" ? null : Number(value))}
        />
      )}
      {form.has("schedule") && schedule && <ScheduleField form={form} schedule={schedule} />}
      {form.has("volumes") && <VolumesField form={form} isNew={isNew} />}
    </>
  );
}
