import { EmptyState } from "../EmptyState/EmptyState";

/** In place of a part of a page that the server could not read, while the rest is there. */
export function NotRead({ what }: { what: string }) {
  return <EmptyState icon="alert">{what} cannot be read just now. The rest of the page holds.</EmptyState>;
}
