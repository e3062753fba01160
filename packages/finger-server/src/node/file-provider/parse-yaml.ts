import type { Document, LineCounter } from "yaml";
import type { Mistakes } from "../../users/mistakes.js";

/**
 * Reads YAML 1.2, in which a date is a text and `yes` is no boolean. Nothing at all is an object with no keys;
 * `undefined` is what cannot be read, which is then a mistake. The parser is loaded when the first YAML is read.
 */
export async function parseYaml(text: string, source: string, mistakes: Mistakes): Promise<unknown> {
  const yaml = await import("yaml");
  const lines = new yaml.LineCounter();
  try {
    const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    for (const error of document.errors) {
      mistakes.add(`${source}, line ${lines.linePos(error.pos[0]).line}: ${toSentence(error.message)}`);
    }
    if (document.errors.length > 0 || hasDoubleKeys(document, yaml, lines, source, mistakes)) return undefined;
    return document.contents === null ? {} : document.toJS();
  } catch (error) {
    // Aliases of aliases, without end or nearly so; and lists in lists, deeper than the stack.
    mistakes.add(`${source}: it cannot be read as YAML: ${toSentence(String(error))}`);
    return undefined;
  }
}

/** The parser compares each key with each other one, which takes seconds for some thousand users; a set does not. */
function hasDoubleKeys(
  document: Document,
  { visit, isScalar }: Pick<typeof import("yaml"), "visit" | "isScalar">,
  lines: LineCounter,
  source: string,
  mistakes: Mistakes,
): boolean {
  let found = false;
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) mistakes.add(`${source}, line ${lines.linePos(key.range?.[0] ?? 0).line}: ${TWICE}`);
        found ||= seen.has(name);
        seen.add(name);
      }
    },
  });
  return found;
}

const TWICE = "the key stands there twice; remove one.";

function toSentence(message: string): string {
  return message.endsWith(".") ? message : `${message}.`;
}
