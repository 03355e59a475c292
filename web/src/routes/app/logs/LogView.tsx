import { Button, Switch, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { EmptyState } from "../../../components/EmptyState/EmptyState";
import { Icon } from "../../../components/Icon/Icon";
import { count } from "../../../format/words";
import { LogChunk, shown } from "./LogChunk";
import classes from "./Logs.module.css";
import { linesOf, MOST_LINES, type Kept } from "./store";
import { useTail } from "./useTail";

export interface LogViewProps {
  kept: Kept;
  /** How many lines came that are not in `kept`. */
  held?: number;
  /** Go on with what was held. */
  onRelease?: () => void;
  /** Whether lines are of several pods. */
  hasPods: boolean;
  hasContainers: boolean;
  /** What is said where there is no line. */
  empty: ReactNode;
  /** What is known of the log as a whole, and what can be done with it. */
  children: ReactNode;
}

/** Lines of a log: searched, with their times or without, and followed to their end. */
export function LogView({ kept, held = 0, onRelease, hasPods, hasContainers, empty, children }: LogViewProps) {
  const [wanted, setWanted] = useState("");
  const [hasTimes, setHasTimes] = useState(true);
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => search.current?.focus()]]);
  const found = useMemo(
    () => kept.chunks.reduce((sum, { entries }) => sum + linesOf(shown(entries, wanted)).length, 0),
    [kept, wanted],
  );
  const clear = () => setWanted("");
  const look = { wanted, hasTimes, hasPods, hasContainers };
  return (
    <>
      <div className={classes.bar}>
        <TextInput
          ref={search}
          size="xs"
          type="search"
          className={classes.search ?? ""}
          aria-label="Search the lines"
          placeholder="Search the lines  /"
          leftSection={<Icon name="search" size={14} />}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          onKeyDown={(event: KeyboardEvent) => event.key === "Escape" && clear()}
        />
        <Switch
          size="xs"
          label="Times"
          checked={hasTimes}
          onChange={(event) => setHasTimes(event.currentTarget.checked)}
        />
        {children}
      </div>
      <Lines kept={kept} held={held} onRelease={onRelease} look={look}>
        {kept.lines === 0 && empty}
        {kept.lines > 0 && found === 0 && (
          <EmptyState
            icon="search"
            action={
              <Button size="xs" variant="default" onClick={clear}>
                Clear the search
              </Button>
            }
          >
            None of {count(kept.lines, "line")} has “{wanted}”.
          </EmptyState>
        )}
      </Lines>
      <footer className={classes.footer}>
        <span>{wanted ? `${found.toLocaleString("en")} of ${amount(kept.lines)}` : amount(kept.lines)}</span>
        {kept.total > kept.lines && <span>Only the latest {MOST_LINES.toLocaleString("en")} are kept here.</span>}
      </footer>
    </>
  );
}

function amount(lines: number): string {
  return `${lines.toLocaleString("en")} ${lines === 1 ? "line" : "lines"}`;
}

interface LinesProps {
  kept: Kept;
  held: number;
  onRelease: (() => void) | undefined;
  look: Omit<Parameters<typeof LogChunk>[0], "chunk">;
  /** In place of lines, where there is none to show. */
  children: ReactNode;
}

function Lines({ kept, held, onRelease, look, children }: LinesProps) {
  const { box, content, isFollowed, follow, onScroll } = useTail(kept);
  const [readTo, setReadTo] = useState(kept.total);
  // What comes while the end is in sight is read.
  if (isFollowed && readTo !== kept.total) setReadTo(kept.total);
  const unread = held + kept.total - readTo;
  const catchUp = () => {
    onRelease?.();
    follow();
  };
  return (
    <div className={classes.frame}>
      {/* Lines scroll: the keyboard must reach them. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={box} className={classes.box} role="log" aria-label="Lines" tabIndex={0} onScroll={onScroll}>
        <div ref={content}>
          {kept.chunks.map((chunk) => (
            <LogChunk key={chunk.id} chunk={chunk} {...look} />
          ))}
          {children}
        </div>
      </div>
      {(unread > 0 || !isFollowed) && (
        <Button className={classes.unread ?? ""} size="xs" onClick={catchUp}>
          {unread > 0 ? `${unread.toLocaleString("en")} new ${unread === 1 ? "line" : "lines"}` : "To the end"}
        </Button>
      )}
    </div>
  );
}
