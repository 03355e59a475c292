import { changedValue, count } from "../../format/words";
import type { Entry } from "./TimelineItem";

type Objects = Entry["objects"];

/** What somebody must have done to an object, for Moorage to do this to it. */
const UNDONE = { CREATE: "deleted", UPDATE: "changed", DELETE: "added", UNCHANGED: "touched" } as const;
const MOST_NAMED = 3;
const LONGEST_VALUE = 40;

const list = new Intl.ListFormat("en", { type: "conjunction" });

/** `changed Deployment web and deleted Service web`; how many, where they are many. */
export function undone(objects: Objects): string {
  if (objects.length > MOST_NAMED) return `changed or deleted ${count(objects.length, "object")}`;
  return list.format(objects.map(({ action, kind, name }) => `${UNDONE[action]} ${kind} ${name}`));
}

/** `Deployment web and Service web`; how many, where they are many. */
export function named(objects: Objects): string {
  if (objects.length > MOST_NAMED) return count(objects.length, "object");
  return list.format(objects.map(({ kind, name }) => `${kind} ${name}`));
}

/** The one field that differed, where it was one, and short enough for a sentence. */
export function onlyChange(objects: Objects): { path: string; before: string; after: string } | null {
  const [object, ...others] = objects;
  const [change, ...more] = object?.action === "UPDATE" ? object.changes : [];
  if (!change || others.length > 0 || more.length > 0) return null;
  const { path } = change;
  const [before, after] = [changedValue(change.before), changedValue(change.after)];
  return Math.max(before.length, after.length) <= LONGEST_VALUE ? { path, before, after } : null;
}

/** Whether a sentence says all that there is to say of what was done to objects. */
export function isToldWhole(objects: Objects): boolean {
  if (objects.length > MOST_NAMED) return false;
  return onlyChange(objects) !== null || objects.every(({ action }) => action !== "UPDATE");
}
