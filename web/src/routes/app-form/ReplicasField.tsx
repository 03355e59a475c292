import { NumberInput, Switch } from "@mantine/core";

import classes from "./AppForm.module.css";
import { startingAt, type AutoscalingValues } from "./autoscalingValues";
import { fieldMessage } from "./FieldMessage";
import type { Form } from "./useForm";

const BOUNDS = [
  { field: "minReplicas", label: "At least" },
  { field: "maxReplicas", label: "At most" },
  { field: "cpuPercent", label: "CPU near, %" },
  { field: "memoryPercent", label: "Memory near, %" },
] as const;

/** How many pods: so many, or as many as what they use asks for. */
export function ReplicasField({ form }: { form: Form }) {
  const { replicas, autoscaling } = form.values;
  return (
    <>
      {!autoscaling && (
        <NumberInput
          label="Replicas"
          description="How many pods; 0 stops the app"
          allowDecimal={false}
          className={classes.narrow ?? ""}
          value={replicas ?? ""}
          error={fieldMessage(form.error("replicas"))}
          onChange={(value) => form.set("replicas", value === "" ? null : Number(value))}
        />
      )}
      {form.has("autoscaling") && (
        <div className={classes.check} role="group" aria-label="Autoscaling">
          <Switch
            label="Autoscaling"
            description="The cluster chooses the number of pods, by what they use of what their size sets aside"
            checked={autoscaling !== null}
            onChange={(event) => form.set("autoscaling", event.currentTarget.checked ? startingAt(replicas) : null)}
          />
          {autoscaling && <Bounds form={form} autoscaling={autoscaling} />}
        </div>
      )}
    </>
  );
}

function Bounds({ form, autoscaling }: { form: Form; autoscaling: AutoscalingValues }) {
  return (
    <div className={classes.checkDetails}>
      <div className={classes.times}>
        {BOUNDS.map(({ field, label }) => (
          <NumberInput
            key={field}
            label={label}
            allowDecimal={false}
            hideControls
            placeholder={field === "memoryPercent" ? "optional" : ""}
            value={autoscaling[field] ?? ""}
            error={fieldMessage(form.error(`autoscaling.${field}`))}
            onChange={(value) =>
              form.set("autoscaling", { ...autoscaling, [field]: value === "" ? null : Number(value) })
            }
          />
        ))}
      </div>
    </div>
  );
}
