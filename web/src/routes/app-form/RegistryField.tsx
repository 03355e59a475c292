import { Switch, TextInput } from "@mantine/core";

import classes from "./AppForm.module.css";
import { NEW_CREDENTIALS, type RegistryValues } from "./contents";
import { fieldMessage } from "./FieldMessage";
import type { Form } from "./useForm";
import { ValueInput } from "./ValueInput";

/** Who pulls the image, where its registry does not let everybody in. */
export function RegistryField({ form }: { form: Form }) {
  const credentials = form.values.registryCredentials;
  return (
    <div className={classes.check} role="group" aria-label="Private registry">
      <Switch
        label="Pulled from a private registry"
        description="It is pulled with a user and a password of that registry; best with a token that may only read"
        checked={credentials !== null}
        onChange={(event) => form.replaceFields({ registryCredentials: event.currentTarget.checked ? NEW_CREDENTIALS : null })}
      />
      {credentials && <RegistryDetails form={form} credentials={credentials} />}
    </div>
  );
}

function RegistryDetails({ form, credentials }: { form: Form; credentials: RegistryValues }) {
  const change = (changed: Partial<RegistryValues>) =>
    form.set("registryCredentials", { ...credentials, ...changed });
  // A password that is kept is for this user of this registry, and is not sent to another.
  const password = credentials.password ?? "";
  const text = { autoComplete: "off", spellCheck: false, classNames: { input: "mono" } };
  const passwordError = fieldMessage(form.error("registryCredentials.password"));
  return (
    <div className={classes.checkDetails}>
      <TextInput
        {...text}
        label="User"
        data-field="registryCredentials"
        placeholder="ada"
        required
        value={credentials.username}
        error={fieldMessage(form.error("registryCredentials.username"))}
        onChange={(event) => change({ username: event.currentTarget.value, password })}
      />
      <div>
        <span className={classes.label}>Password or token</span>
        <ValueInput
          label="Password or token"
          isSecret
          value={credentials.password}
          error={passwordError}
          onChange={(value) => change({ password: value })}
        />
        {credentials.password === null && passwordError && <p className={classes.listError}>{passwordError}</p>}
      </div>
      <TextInput
        {...text}
        label="Registry"
        description="Empty: that of the image"
        placeholder="ghcr.io"
        value={credentials.server}
        error={fieldMessage(form.error("registryCredentials.server"))}
        onChange={(event) => change({ server: event.currentTarget.value.trim(), password })}
      />
    </div>
  );
}
