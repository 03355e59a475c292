import { NumberInput, Switch } from "@mantine/core";

import classes from "./AppForm.module.css";
import { CheckField } from "./CheckField";
import { fieldMessage } from "./FieldMessage";
import { Fold } from "./Fold";
import type { Form } from "./useForm";
import { WordsField } from "./WordsField";

const FIELDS = ["command", "arguments", "readiness", "liveness", "startup", "shutdownSeconds"] as const;

/** How the app's process is started, asked how it is, and ended. */
export function ProcessFields({ form, startsOpen }: { form: Form; startsOpen: boolean }) {
  const title = form.has("readiness") ? "command, checks, shutdown" : "command, shutdown";
  return (
    <Fold form={form} fields={FIELDS} title={title} startsOpen={startsOpen}>
      <WordsField
        form={form}
        path="command"
        label="Command"
        description="In place of the image's ENTRYPOINT, a word a line; empty for the image's own"
        placeholder="/app/serve"
        value={form.values.command}
        onChange={(words) => form.set("command", words)}
      />
      <WordsField
        form={form}
        path="arguments"
        label="Arguments"
        description="In place of the image's CMD, a word a line; $(NAME) is the variable NAME"
        placeholder="--verbose"
        value={form.values.arguments}
        onChange={(words) => form.set("arguments", words)}
      />
      {form.has("readiness") && <CheckFields form={form} />}
      <NumberInput
        label="Seconds to shut down"
        description="Between SIGTERM and SIGKILL"
        allowDecimal={false}
        hideControls
        className={classes.narrow ?? ""}
        value={form.values.shutdownSeconds ?? ""}
        error={fieldMessage(form.error("shutdownSeconds"))}
        onChange={(value) => form.set("shutdownSeconds", value === "" ? null : Number(value))}
      />
      {form.has("surge") && (
        <Switch
          label="Start a pod before its predecessor stops"
          description="Off: one pod less while pods are replaced, where the quota has no room for one more"
          checked={form.values.surge}
          onChange={(event) => form.set("surge", event.currentTarget.checked)}
        />
      )}
    </Fold>
  );
}

function CheckFields({ form }: { form: Form }) {
  return (
    <>
      <CheckField
        form={form}
        name="readiness"
        title="Readiness check"
        description="A pod gets requests while it passes. Off: while its port accepts connections."
      />
      <CheckField
        form={form}
        name="liveness"
        title="Liveness check"
        description="A container that fails it is started anew."
      />
      <CheckField
        form={form}
        name="startup"
        title="Startup check"
        description="The other checks begin once it has passed: for apps that take long to start."
      />
    </>
  );
}
