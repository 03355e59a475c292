import { Radio } from "@mantine/core";

import { sentence } from "../../format/words";
import type { WorkloadKind } from "../../gql/graphql";
import { fieldMessage } from "./FieldMessage";
import classes from "./KindPicker.module.css";
import { choices, type Kind } from "./kinds";
import type { Form } from "./useForm";

const WHAT: Record<WorkloadKind, string> = {
  WEB_SERVICE: "Answers requests on a port",
  WORKER: "Runs all the time, asked by nobody",
  STATEFUL_SERVICE: "Keeps data on disks of its own",
  SCHEDULED_JOB: "Runs at set times, then ends",
  JOB: "Runs once for each deploy",
};

/** What sort of app it is. One that is there stays what it is, where Kubernetes could not change it. */
export function KindPicker({ form, kinds, isNew }: { form: Form; kinds: readonly Kind[]; isNew: boolean }) {
  const offered = choices(kinds, form.values.kind, { isNew });
  if (offered.length < 2) return null;
  return (
    <Radio.Group
      label="Kind"
      value={form.values.kind}
      error={fieldMessage(form.error("kind"))}
      onChange={(kind) => form.set("kind", kind)}
    >
      <div className={classes.kinds}>
        {offered.map(({ kind, name }) => (
          <Radio.Card key={kind} value={kind} className={classes.kind ?? ""}>
            <span className={classes.name}>{sentence(name)}</span>
            <span className={classes.what}>{WHAT[kind]}</span>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
