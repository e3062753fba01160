import { isUtf8 } from "node:buffer";
import type { Mistakes } from "../../users/mistakes.js";
import { toLine } from "./line.js";
import { parseJson } from "./parse-json.js";
import { parseYaml } from "./parse-yaml.js";

/** How the text of a file is written. */
export type TextFormat = "json" | "yaml" | "plain";

/** Tells the format by the ending of the file's name. */
export function toTextFormat(name: string): TextFormat {
  if (/\.json$/i.test(name)) return "json";
  return /\.ya?ml$/i.test(name) ? "yaml" : "plain";
}

/** Decodes UTF-8, without a byte order mark; `undefined` when it is none, which is then a mistake. */
export function decodeText(bytes: Uint8Array, source: string, mistakes: Mistakes): string | undefined {
  const text = new TextDecoder().decode(bytes);
  if (isUtf8(bytes)) return text;
  mistakes.add(`${source}, line ${toLine(text, text.indexOf("\ufffd"))}: it is no UTF-8; save the file as UTF-8.`);
  return undefined;
}

/** Reads the value that stands in JSON or YAML; `undefined` when it cannot be read, which is then a mistake. */
export async function parseValue(
  text: string,
  format: Exclude<TextFormat, "plain">,
  source: string,
  mistakes: Mistakes,
): Promise<unknown> {
  return format === "json" ? parseJson(text, source, mistakes) : parseYaml(text, source, mistakes);
}
