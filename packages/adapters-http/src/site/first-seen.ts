import { hashText } from "../text/hash.js";

/** Tells when a text was first seen. The last ones are remembered; one that is forgotten is new again. */
export function createFirstSeen(): (text: string) => Date {
  const seen = new Map<string, Date>();
  return (text) => {
    const key = hashText(text);
    const at = seen.get(key) ?? new Date();
    // What was asked for last is at the end.
    seen.delete(key);
    seen.set(key, at);
    const [oldest = ""] = seen.keys();
    if (seen.size > REMEMBERED) seen.delete(oldest);
    return at;
  };
}

const REMEMBERED = 10_000;
