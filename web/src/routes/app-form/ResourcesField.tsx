import { NumberInput } from "@mantine/core";

import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import type { ResourceValues } from "./resources";
import type { Form } from "./useForm";

const AMOUNTS = [
  { field: "cpuRequestMillicores", label: "CPU set aside, m" },
  { field: "cpuLimitMillicores", label: "CPU at most, m" },
  { field: "memoryRequestMib", label: "Memory set aside, MiB" },
  { field: "memoryLimitMib", label: "Memory at most, MiB" },
] as const;

/** CPU and memory of each pod in numbers. */
export function ResourcesField({ form, resources }: { form: Form; resources: ResourceValues }) {
  return (
    <fieldset className={classes.variables}>
      <legend>CPU and memory of each pod</legend>
      <p className="dim">What a node sets aside, and what a pod may use at most. 1000 m are a core.</p>
      <div className={classes.amounts}>
        {AMOUNTS.map(({ field, label }) => (
          <NumberInput
            key={field}
            label={label}
            allowDecimal={false}
            hideControls
            value={resources[field] ?? ""}
            error={fieldMessage(form.error(`resources.${field}`))}
            onChange={(value) => form.set("resources", { ...resources, [field]: value === "" ? null : Number(value) })}
          />
        ))}
      </div>
    </fieldset>
  );
}
