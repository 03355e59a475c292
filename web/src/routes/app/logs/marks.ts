/** A piece of a text, and whether it is what was searched for. */
export interface Piece {
  text: string;
  isFound: boolean;
}

/** Whether `text` has `wanted` in it, in whatever case. */
export function has(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted.toLowerCase());
}

/** `text` cut where `wanted` begins and ends in it, in whatever case. */
export function pieces(text: string, wanted: string): Piece[] {
  if (wanted === "") return [{ text, isFound: false }];
  const [lower, found] = [text.toLowerCase(), wanted.toLowerCase()];
  const cut: Piece[] = [];
  let from = 0;
  // A few letters are longer in lower case: then the places are not those of the text, and nothing is marked.
  for (let at = lower.indexOf(found); at >= 0 && lower.length === text.length; at = lower.indexOf(found, from)) {
    cut.push({ text: text.slice(from, at), isFound: false }, { text: text.slice(at, at + found.length), isFound: true });
    from = at + found.length;
  }
  return [...cut, { text: text.slice(from), isFound: false }].filter((piece) => piece.text !== "");
}
