import { Select, TextInput } from "@mantine/core";

import type { ConcurrencyPolicy } from "../../gql/graphql";
import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import type { Form } from "./useForm";
import type { ScheduleValues } from "./values";

const POLICIES: { value: ConcurrencyPolicy; label: string }[] = [
  { value: "FORBID", label: "Leave the new run out" },
  { value: "REPLACE", label: "Stop the old run" },
  { value: "ALLOW", label: "Let both run" },
];

/** When a scheduled job runs. */
export function ScheduleField({ form, schedule }: { form: Form; schedule: ScheduleValues }) {
  const change = (changed: Partial<ScheduleValues>) => form.set("schedule", { ...schedule, ...changed });
  return (
    <>
      <TextInput
        label="Schedule"
        description="Minute, hour, day of the month, month, day of the week; or @hourly, @daily, @weekly, @monthly"
        placeholder="30 4 * * *"
        required
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: "mono" }}
        value={schedule.cron}
        error={fieldMessage(form.error("schedule.cron"))}
        onChange={(event) => change({ cron: event.currentTarget.value })}
      />
      <Select
        label="Time zone"
        searchable
        allowDeselect={false}
        className={classes.narrow ?? ""}
        data={zones(schedule.timeZone)}
        limit={100}
        value={schedule.timeZone}
        error={fieldMessage(form.error("schedule.timeZone"))}
        onChange={(timeZone) => timeZone && change({ timeZone })}
      />
      <Select
        label="Where the run before is not through yet"
        allowDeselect={false}
        className={classes.narrow ?? ""}
        data={POLICIES}
        value={schedule.concurrency}
        onChange={(concurrency) => concurrency && change({ concurrency })}
      />
    </>
  );
}

/** Every zone that the browser knows, and the one that the app has. */
function zones(current: string): string[] {
  return [...new Set(["Etc/UTC", current, ...Intl.supportedValuesOf("timeZone")])];
}
