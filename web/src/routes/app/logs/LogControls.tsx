import { SegmentedControl, Select } from "@mantine/core";

import { FROMS, type Choice } from "./choice";
import classes from "./Logs.module.css";

export interface LogControlsProps {
  choice: Choice;
  pods: readonly string[];
  containers: readonly string[];
  /** Sets a parameter of the URL; null: takes it away. */
  onChoose: (name: "pod" | "container" | "run" | "from", value: string | null) => void;
}

const ALL = "";

/** Of which pod, which container and which run, and from where on. */
export function LogControls({ choice, pods, containers, onChoose }: LogControlsProps) {
  const named = withChosen(pods, choice.pod);
  return (
    <div className={classes.controls}>
      <SegmentedControl
        size="xs"
        aria-label="Run"
        data={[
          { value: "present", label: "Live" },
          { value: "previous", label: "Run before" },
        ]}
        value={choice.isPrevious ? "previous" : "present"}
        onChange={(value) => onChoose("run", value === "previous" ? value : null)}
        transitionDuration={100}
      />
      <Select
        size="xs"
        aria-label="Pod"
        className={classes.pod ?? ""}
        placeholder="No pod"
        data={choice.isPrevious ? named : [{ value: ALL, label: "All pods" }, ...named]}
        value={choice.pod ?? (choice.isPrevious ? null : ALL)}
        allowDeselect={false}
        onChange={(value) => onChoose("pod", value === ALL ? null : value)}
      />
      {(containers.length > 1 || choice.container !== null) && (
        <Select
          size="xs"
          aria-label="Container"
          data={[{ value: ALL, label: "All containers" }, ...withChosen(containers, choice.container)]}
          value={choice.container ?? ALL}
          allowDeselect={false}
          onChange={(value) => onChoose("container", value === ALL ? null : value)}
        />
      )}
      {!choice.isPrevious && (
        <Select
          size="xs"
          aria-label="From"
          data={FROMS.map(({ value, label }) => ({ value, label }))}
          value={choice.from.value}
          allowDeselect={false}
          onChange={(value) => onChoose("from", value)}
        />
      )}
    </div>
  );
}

/** What the URL names may be there no longer; it is named all the same. */
function withChosen(names: readonly string[], chosen: string | null): readonly string[] {
  return chosen === null || names.includes(chosen) ? names : [...names, chosen];
}
