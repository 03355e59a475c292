import { Radio } from "@mantine/core";

import { formatValue } from "../../format/units";
import { graphql, readFragment, type FragmentType } from "../../gql";
import type { SizePicker_FormFragment } from "../../gql/graphql";
import classes from "./AppForm.module.css";
import { fieldMessage } from "./FieldMessage";
import { toResources, type Amounts } from "./resources";
import { ResourcesField } from "./ResourcesField";
import type { Room } from "./room";
import type { Form } from "./useForm";

const SizePickerFragment = graphql(`
  fragment SizePicker_form on WorkloadForm {
    sizes {
      size
      resources {
        cpuRequestMillicores
        cpuLimitMillicores
        memoryRequestMib
        memoryLimitMib
      }
    }
  }
`);

export type Preset = SizePicker_FormFragment["sizes"][number];

const OWN = "OWN";
const MIB = 2 ** 20;

export function sizePresets(form: FragmentType<typeof SizePickerFragment>): readonly Preset[] {
  return readFragment(SizePickerFragment, form).sizes;
}

export interface SizePickerProps {
  form: Form;
  offered: FragmentType<typeof SizePickerFragment>;
  /** How many pods that take so much each the quota has room for. */
  room: (resources: Amounts) => Room;
}

/** The sizes, each against what is left of the quota; or numbers of one's own, which begin as those of the size. */
export function SizePicker({ form, offered, room }: SizePickerProps) {
  const { size, resources } = form.values;
  const presets = sizePresets(offered);
  const choose = (chosen: string) => {
    const preset = presets.find((each) => each.size === chosen);
    const current = presets.find((each) => each.size === size);
    if (preset) form.replaceFields({ size: preset.size, resources: null });
    else if (current) form.replaceFields({ resources: toResources(current.resources) });
  };
  return (
    <>
      <Radio.Group
        label="Size of each pod"
        value={resources ? OWN : size}
        error={fieldMessage(form.error("size") ?? form.error("resources"))}
        onChange={choose}
      >
        <div className={classes.sizes}>
          {presets.map((preset) => (
            <Radio.Card key={preset.size} value={preset.size} className={classes.size ?? ""}>
              <span className={classes.sizeName}>{preset.size}</span>
              <span>{formatValue(preset.resources.cpuLimitMillicores / 1000, "CORES")}</span>
              <span>{formatValue(preset.resources.memoryLimitMib * MIB, "BYTES")}</span>
              <RoomLeft room={room(preset.resources)} />
            </Radio.Card>
          ))}
          <Radio.Card value={OWN} className={classes.size ?? ""}>
            <span className={classes.sizeName}>Own</span>
            <span>CPU and memory</span>
            <span>in numbers</span>
            {resources && <RoomLeft room={room(toResources(resources))} />}
          </Radio.Card>
        </div>
      </Radio.Group>
      {resources && <ResourcesField form={form} resources={resources} />}
    </>
  );
}

function RoomLeft({ room }: { room: Room }) {
  if (room === null) return null;
  return (
    <span className={classes.room} data-none={room === 0 || undefined}>
      {room === 0 ? "does not fit" : `room for ${room}`}
    </span>
  );
}
