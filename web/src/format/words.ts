/** `1 pod`, `3 pods`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A GraphQL enum's member as a word in a sentence. */
export function word(member: string): string {
  return member.toLowerCase().replaceAll("_", " ");
}

/** A word or more as the beginning of a sentence, or a title. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A value of a change, which the graph gives as JSON text; null: absent. */
export function changedValue(json: string | null | undefined): string {
  if (json == null) return "none";
  const value: unknown = JSON.parse(json);
  return typeof value === "string" ? value : json;
}
