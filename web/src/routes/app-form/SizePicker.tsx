import { Radio } from "@mantine/core";

import { graphql, readFragment, type FragmentType } from "../../gql";
import type { SizePicker_FormFragment, WorkloadSize } from "../../gql/graphql";
import { formatValue } from "../../format/units";
import classes from "./AppForm.module.css";
import type { Room } from "./room";

const SizePickerFragment = graphql(`
  fragment SizePicker_form on WorkloadForm {
    sizes {
      size
      cpuRequest
      cpuLimit
      memoryRequest
      memoryLimit
    }
  }
`);

export type Preset = SizePicker_FormFragment["sizes"][number];

export function sizePresets(form: FragmentType<typeof SizePickerFragment>): readonly Preset[] {
  return readFragment(SizePickerFragment, form).sizes;
}

export interface SizePickerProps {
  form: FragmentType<typeof SizePickerFragment>;
  value: WorkloadSize;
  /** How many pods of a size the quota has room for. */
  room: (preset: Preset) => Room;
  onChange: (size: WorkloadSize) => void;
}

/** The sizes, each against what is left of the quota. */
export function SizePicker({ form, value, room, onChange }: SizePickerProps) {
  return (
    <Radio.Group label="Size of each pod" value={value} onChange={(size) => onChange(size)}>
      <div className={classes.sizes}>
        {sizePresets(form).map((preset) => (
          <Radio.Card key={preset.size} value={preset.size} className={classes.size ?? ""}>
            <span className={classes.sizeName}>{preset.size}</span>
            <span>{formatValue(preset.cpuLimit, "CORES")}</span>
            <span>{formatValue(preset.memoryLimit, "BYTES")}</span>
            <RoomLeft room={room(preset)} />
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
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
