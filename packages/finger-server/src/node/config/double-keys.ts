/** The indices of keys that stand in an object of a JSON text for the second time. `JSON.parse` takes the last one. */
export function findDoubleKeys(json: string): readonly number[] {
  const found: number[] = [];
  /** The keys of the objects around, and nothing for a list. */
  const around: Array<Set<string> | undefined> = [];
  for (const { 0: token, index, groups } of json.matchAll(TOKENS)) {
    const keys = around.at(-1);
    if (token === "{" || token === "[") around.push(token === "{" ? new Set() : undefined);
    else if (token === "}" || token === "]") around.pop();
    else if (groups?.["colon"] !== undefined && keys !== undefined) {
      // Written in another way it is the same key.
      const key = String(JSON.parse(groups["text"] ?? ""));
      if (keys.has(key)) found.push(index);
      keys.add(key);
    }
  }
  return found;
}

/** Strings, those of them that are keys, and what opens and closes. */
const TOKENS = /(?<text>"(?:[^"\\]|\\.)*")(?<colon>\s*:)?|[{}[\]]/g;
