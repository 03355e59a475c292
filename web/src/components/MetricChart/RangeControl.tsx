import { SegmentedControl } from "@mantine/core";
import { useSearchParams } from "react-router";

import { RANGES, rangeOf } from "./range";

/** How far back the charts of this page reach; kept in the URL. */
export function RangeControl() {
  const [search, setSearch] = useSearchParams();
  const choose = (range: string) => {
    setSearch((old) => {
      old.set("range", range);
      return old;
    }, { replace: true, preventScrollReset: true });
  };
  return (
    <SegmentedControl
      size="xs"
      aria-label="Time range"
      data={[...RANGES]}
      value={rangeOf(search)}
      onChange={choose}
      transitionDuration={100}
    />
  );
}
