import { ActionIcon, Button, NumberInput, TextInput } from "@mantine/core";

import { Icon } from "../../components/Icon/Icon";
import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import type { Form } from "./useForm";
import { useRowFocus } from "./useRowFocus";
import { volume, type VolumeValues } from "./values";
import volumeClasses from "./VolumesField.module.css";

/** The disks of each replica. Those of an app that is there stay as they are, but for where they are mounted. */
export function VolumesField({ form, isNew }: { form: Form; isNew: boolean }) {
  const { volumes } = form.values;
  const { rows, focusRow } = useRowFocus();
  const set = (next: readonly VolumeValues[]) => form.set("volumes", next);
  const change = (at: number, changed: Partial<VolumeValues>) =>
    set(volumes.map((each, index) => (index === at ? { ...each, ...changed } : each)));
  const remove = (at: number) => {
    set(volumes.toSpliced(at, 1));
    focusRow(at);
  };
  const add = () => {
    set([...volumes, volume("", "", 1)]);
    focusRow(volumes.length);
  };
  const listError = form.error("volumes");
  return (
    <fieldset ref={rows} className={classes.variables}>
      <legend>Volumes</legend>
      <p className="dim">
        {isNew
          ? "Each replica has disks of its own, which stay when the app goes."
          : "Disks hold the app's data and stay as they are; where they are mounted can change."}
      </p>
      {listError && <p className={classes.listError}>{fieldMessage(listError)}</p>}
      {volumes.map((each, index) => (
        <div key={each.key} className={volumeClasses.row} role="group" aria-label={`Volume ${index + 1}`}>
          <VolumeInputs
            form={form}
            at={index}
            volume={each}
            isFixed={!isNew}
            onChange={(changed) => change(index, changed)}
          />
          {isNew && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              className={volumeClasses.remove ?? ""}
              aria-label={`Remove ${each.name || `volume ${index + 1}`}`}
              onClick={() => remove(index)}
            >
              <Icon name="cross" />
            </ActionIcon>
          )}
        </div>
      ))}
      {isNew && (
        <Button variant="default" size="xs" data-add leftSection={<Icon name="plus" size={14} />} onClick={add}>
          Add volume
        </Button>
      )}
    </fieldset>
  );
}

interface VolumeInputsProps {
  form: Form;
  at: number;
  volume: VolumeValues;
  /** The disk is there: only its place in the container can change. */
  isFixed: boolean;
  onChange: (changed: Partial<VolumeValues>) => void;
}

function VolumeInputs({ form, at, volume: shown, isFixed, onChange }: VolumeInputsProps) {
  const text = { autoComplete: "off", spellCheck: false, classNames: { input: "mono" } };
  const error = (field: string) => fieldMessage(form.error(`volumes.${at}.${field}`));
  return (
    <>
      <TextInput
        {...text}
        label="Volume"
        placeholder="data"
        data-name
        readOnly={isFixed}
        value={shown.name}
        error={error("name")}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <TextInput
        {...text}
        label="Mounted at"
        placeholder="/var/lib/data"
        value={shown.path}
        error={error("path")}
        onChange={(event) => onChange({ path: event.currentTarget.value })}
      />
      <NumberInput
        label="GiB"
        allowDecimal={false}
        hideControls
        readOnly={isFixed}
        value={shown.sizeGib ?? ""}
        error={error("sizeGib")}
        onChange={(value) => onChange({ sizeGib: value === "" ? null : Number(value) })}
      />
      <TextInput
        {...text}
        label="Class"
        placeholder="default"
        readOnly={isFixed}
        value={shown.storageClass}
        error={error("storageClass")}
        onChange={(event) => onChange({ storageClass: event.currentTarget.value })}
      />
    </>
  );
}
