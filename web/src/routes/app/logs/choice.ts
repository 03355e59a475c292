/** What of an app's logs is looked at, as the URL says. */
export interface Choice {
  /** null: every pod. */
  pod: string | null;
  /** null: every container. */
  container: string | null;
  /** The run before the present one, as after a crash, in place of what is written now. */
  isPrevious: boolean;
  from: From;
}

/** Where a live log begins: with the last lines of each container, of those only the ones of the last `seconds`. */
export interface From {
  value: string;
  label: string;
  last: number;
  seconds?: number;
}

const MOST = 1_000;
const HUNDRED: From = { value: "100", label: "Last 100 lines", last: 100 };
/** The graph gives the last lines of each container by their number, up to a thousand. */
export const FROMS: readonly From[] = [
  HUNDRED,
  { value: "1000", label: "Last 1,000 lines", last: MOST },
  { value: "5m", label: "Last 5 minutes", last: MOST, seconds: 300 },
  { value: "15m", label: "Last 15 minutes", last: MOST, seconds: 900 },
  { value: "1h", label: "Last hour", last: MOST, seconds: 3_600 },
  { value: "now", label: "From now on", last: 0 },
];

export function choiceOf(search: URLSearchParams): Choice {
  return {
    pod: search.get("pod"),
    container: search.get("container"),
    isPrevious: search.get("run") === "previous",
    from: FROMS.find(({ value }) => value === search.get("from")) ?? HUNDRED,
  };
}

/** The address of logs on the page of their app; without a pod: of all of them. */
export function logsAddress({ pod, isPrevious = false }: { pod: string | undefined; isPrevious?: boolean }): string {
  const search = new URLSearchParams({ tab: "logs" });
  if (isPrevious) search.set("run", "previous");
  if (pod !== undefined) search.set("pod", pod);
  return `?${search.toString()}`;
}
