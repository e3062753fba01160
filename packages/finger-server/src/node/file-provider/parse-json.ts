import { type Mistakes, quote } from "../../users/mistakes.js";
import { findJsonMistake } from "./json-mistake.js";
import { toLine } from "./line.js";

/** Reads JSON; `undefined` when it is none, which is then a mistake. Of a key that stands there twice the later counts. */
export function parseJson(text: string, source: string, mistakes: Mistakes): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const index = findJsonMistake(text) ?? text.length;
    const [rest = ""] = text.slice(index, index + 61).split(/[\r\n]/);
    const what = index === text.length ? "the text ends before the JSON does" : `${quote(rest)} is no JSON here`;
    mistakes.add(`${source}, line ${toLine(text, index)}: ${what}.`);
    return undefined;
  }
}
