const PATHS = {
  account: "M8 8.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14c.5-3 2.6-4.5 5.5-4.5s5 1.5 5.5 4.5",
  alert: "M8 2 14.5 13.5h-13ZM8 6.5v3M8 11.6v.1",
  check: "m3.5 8.5 3 3 6-7",
  copy: "M6 5.5h7.5V13.5H6ZM10.5 5.5v-3h-8v8H6",
  cross: "m4 4 8 8M12 4l-8 8",
  cube: "m8 1.8 5.5 3.1v6.2L8 14.2l-5.5-3.1V4.9ZM2.5 4.9 8 8l5.5-3.1M8 8v6.2",
  download: "M8 2.5V10M5 7l3 3 3-3M2.5 13.5h11",
  edit: "M2.5 13.5h3l8-8-3-3-8 8ZM9 4l3 3",
  explorer: "m5.5 4.5-3.5 3.5 3.5 3.5M10.5 4.5 14 8l-3.5 3.5",
  logOut: "M9.5 13.5h-6.5v-11h6.5M6.5 8h7.5M11.5 5.5 14 8l-2.5 2.5",
  menu: "M2 4.5h12M2 8h12M2 11.5h12",
  minus: "M4 8h8",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z",
  namespace: "M2.5 3h4.5v4.5H2.5ZM9 3h4.5v4.5H9ZM2.5 9.5h4.5V14H2.5ZM9 9.5h4.5V14H9Z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M4.5 2.8v10.4L13 8Z",
  plus: "M8 3v10M3 8h10",
  question: "M5.5 6a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.5M8 12v.1",
  repair: "M13.4 4.8 11.2 7 9 4.8l2.2-2.2a3.7 3.7 0 0 0-4.8 4.7L2.6 11.1a1.6 1.6 0 0 0 2.3 2.3l3.8-3.8a3.7 3.7 0 0 0 4.7-4.8Z",
  restart: "M13 8a5 5 0 1 1-1.5-3.6L13 6M13 2.5V6H9.5",
  rollBack: "M3 8a5 5 0 1 0 1.5-3.6L3 6M3 2.5V6h3.5",
  scale: "M2.5 13.5v-4M6.2 13.5v-6.5M9.8 13.5v-9M13.5 13.5V2.5",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.7 3.7",
  stop: "M4.5 4.5h7v7h-7Z",
  sun: "M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1",
  trash: "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9",
  users: "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5c.4-2.6 2-4 4.5-4s4.1 1.4 4.5 4M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12 9.9c1.5.5 2.3 1.7 2.5 3.6",
  waves: "M1.5 6c1.6 0 1.6 1.2 3.25 1.2S6.4 6 8 6s1.6 1.2 3.25 1.2S12.9 6 14.5 6M1.5 10c1.6 0 1.6 1.2 3.25 1.2S6.4 10 8 10s1.6 1.2 3.25 1.2S12.9 10 14.5 10",
} as const;

export type IconName = keyof typeof PATHS;

/** A line icon beside a word; it says nothing by itself. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
