import { useCallback, useEffect, useState } from "react";

interface Told {
  text: string;
}

const NOTHING: Told = { text: "" };
/** Long enough to read a sentence. */
const TOLD_MS = 5_000;

/** Puts what `make` gives into the clipboard, and tells for a moment how that went. */
export function useCopy(): { told: string; copy: (make: () => string) => Promise<void> } {
  const [told, setTold] = useState(NOTHING);
  useEffect(() => {
    const silence = setTimeout(() => setTold(NOTHING), TOLD_MS);
    return () => clearTimeout(silence);
  }, [told]);
  const copy = useCallback(async (make: () => string) => setTold({ text: await copied(make) }), []);
  return { told: told.text, copy };
}

async function copied(make: () => string): Promise<string> {
  try {
    await navigator.clipboard.writeText(make());
    return "Copied. Put your token in MOORAGE_TOKEN.";
  } catch (error) {
    return error instanceof SyntaxError
      ? "Not copied: the variables or the headers are no JSON."
      : "Not copied: the browser does not allow it. Allow this page to use the clipboard.";
  }
}
