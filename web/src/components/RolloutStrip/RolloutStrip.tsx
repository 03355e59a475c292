import { graphql, readFragment, type FragmentType } from "../../gql";
import { Icon, type IconName } from "../Icon/Icon";
import { describeCell, describeStrip, type Cell } from "./cells";
import classes from "./RolloutStrip.module.css";

const RolloutStripFragment = graphql(`
  fragment RolloutStrip_rollout on Rollout {
    cells {
      podName
      revision
      isCurrent
      state
      reason
    }
  }
`);

const MOST_SMALL_CELLS = 12;
const GLYPHS: Partial<Record<Cell["state"], IconName>> = {
  READY: "check",
  FAILED: "cross",
  TERMINATING: "minus",
  SUCCEEDED: "stop",
};

export interface RolloutStripProps {
  rollout: FragmentType<typeof RolloutStripFragment>;
  size?: "small" | "large";
}

/** One cell a pod, the old revision on the left and the new one on the right, filling as its pod comes up. */
export function RolloutStrip({ rollout, size = "large" }: RolloutStripProps) {
  const { cells } = readFragment(RolloutStripFragment, rollout);
  const shown = size === "small" ? cells.slice(-MOST_SMALL_CELLS) : cells;
  const left = cells.length - shown.length;
  return (
    <div className={classes.strip} data-size={size} role="img" aria-label={describeStrip(cells)}>
      {left > 0 && <span className={classes.left}>{left} more</span>}
      <Group cells={shown.filter((cell) => !cell.isCurrent)} size={size} />
      <Group cells={shown.filter((cell) => cell.isCurrent)} size={size} />
    </div>
  );
}

function Group({ cells, size }: { cells: readonly Cell[]; size: "small" | "large" }) {
  const [first] = cells;
  if (!first) return null;
  return (
    <div className={classes.group} data-old={!first.isCurrent || undefined}>
      {size === "large" && (
        <div className={classes.caption}>
          {first.isCurrent ? "Revision" : "Before: revision"} {first.revision ?? "?"}
        </div>
      )}
      <div className={classes.cells}>
        {cells.map((cell, index) => (
          <PodCell key={cell.podName ?? `to come ${index}`} cell={cell} glyph={size === "large"} />
        ))}
      </div>
    </div>
  );
}

function PodCell({ cell, glyph }: { cell: Cell; glyph: boolean }) {
  const icon = glyph ? GLYPHS[cell.state] : undefined;
  return (
    <span className={classes.cell} data-state={cell.state} title={describeCell(cell)}>
      <span className={classes.fill} />
      {icon && (
        <span className={classes.glyph}>
          <Icon name={icon} size={14} />
        </span>
      )}
    </span>
  );
}
