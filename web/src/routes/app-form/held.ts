import { toResources } from "./resources";
import type { Held } from "./room";
import type { Preset } from "./SizePicker";
import type { Values } from "./values";

/** What the app takes of the quota as it was when the form was opened; null where its size is offered no more. */
export function heldBy(values: Values, presets: readonly Preset[]): Held | null {
  const resources = values.resources
    ? toResources(values.resources)
    : presets.find((each) => each.size === values.size)?.resources;
  return resources ? { resources, replicas: values.replicas ?? 0 } : null;
}
