/** A name for an app, from its image: the last part of the repository, without what a name may not have. */
export function proposedName(image: string, longest: number): string {
  const repository = image.split("@")[0] ?? "";
  const last = repository.split("/").at(-1)?.split(":")[0] ?? "";
  return last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, longest)
    .replace(/-+$/, "");
}
