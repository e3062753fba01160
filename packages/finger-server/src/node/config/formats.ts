import { findJsonMistake } from "../file-provider/json-mistake.js";
import { toConfigError } from "./config-error.js";
import { findDoubleKeys } from "./double-keys.js";
import { hidePasswords } from "./hide-passwords.js";

/** How plain data can be written as text. */
export type DataFormat = "json" | "yaml" | "toml";

const BY_ENDING: Readonly<Record<string, DataFormat>> = { json: "json", yaml: "yaml", yml: "yaml", toml: "toml" };

/** The format that the ending of a path stands for, if it stands for one; `.age` behind it does not matter. */
export function toDataFormat(path: string): DataFormat | undefined {
  const ending = /\.([^./\\]+?)(?:\.age)?$/.exec(path)?.[1] ?? "";
  return Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
}

/**
 * Reads text of a format. A key that stands in one place twice is a mistake in each of them.
 *
 * @param source - How to name the text in the error.
 * @throws `FingerError` `ERR_FINGER_CONFIG`, with the line and the column.
 */
export async function parseData(text: string, format: DataFormat, source: string): Promise<unknown> {
  const plain = text.replace(/^\ufeff/, "");
  if (format === "json") return parseJson(plain, source);
  return format === "yaml" ? parseYaml(plain, source) : parseToml(plain, source);
}

/**
 * Writes plain data as text.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG` for a `null` in TOML, which has no such thing.
 */
export async function formatData(data: object, format: DataFormat, source: string): Promise<string> {
  if (format === "json") return `${JSON.stringify(data, undefined, 2)}\n`;
  if (format === "yaml") return (await import("yaml")).stringify(data, YAML_OPTIONS);
  refuseNull(data, source);
  return (await import("smol-toml")).stringify(data);
}

/** A block of lines loses blanks: the package writes `" \n"` as one that is read as `"\n"`. */
const YAML_OPTIONS = { lineWidth: 0, aliasDuplicateObjects: false, blockQuote: false };

function parseJson(text: string, source: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const index = findJsonMistake(text) ?? text.length;
    const what = index === text.length ? "the text ends before the JSON does" : "what stands here is no JSON";
    throw wrongAt(source, toPosition(text, index), what);
  }
  const [twice] = findDoubleKeys(text);
  if (twice !== undefined) throw wrongAt(source, toPosition(text, twice), TWICE);
  return value;
}

/** YAML 1.2, in which a date is a text and `yes` is no boolean. Nothing at all is a record without keys. */
async function parseYaml(text: string, source: string): Promise<unknown> {
  const { isScalar, LineCounter, parseDocument, visit } = await import("yaml");
  const lines = new LineCounter();
  const at = (index: number) => {
    const { line, col } = lines.linePos(index);
    return { line, column: col };
  };
  try {
    // The parser compares each key with each other one; a set does not.
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const [mistake] = [...document.errors, ...document.warnings];
    if (mistake !== undefined) throw wrongAt(source, at(mistake.pos[0]), toClause(mistake.message));
    visit(document, {
      Map(_, { items }) {
        const seen = new Set<string>();
        for (const { key } of items) {
          const name = isScalar(key) ? String(key.value) : undefined;
          if (name === undefined || !isScalar(key)) continue;
          if (seen.has(name)) throw wrongAt(source, at(key.range?.[0] ?? 0), TWICE);
          seen.add(name);
        }
      },
    });
    return document.contents === null ? {} : document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    // Aliases of aliases, without end or nearly so; and lists in lists, deeper than the stack.
    throw toConfigError(source, `it cannot be read as YAML: ${toClause(error.message)}`);
  }
}

async function parseToml(text: string, source: string): Promise<unknown> {
  const { parse, TomlError } = await import("smol-toml");
  try {
    return parse(text, { maxDepth: 100 });
  } catch (error) {
    if (!(error instanceof TomlError)) throw toConfigError(source, `it cannot be read as TOML: ${String(error)}`);
    const [what = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    throw wrongAt(source, error, toClause(what));
  }
}

const TWICE = "the key stands there twice; remove one";

interface Position {
  readonly line: number;
  readonly column: number;
}

function toPosition(text: string, index: number): Position {
  const lines = text.slice(0, index).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function wrongAt(source: string, { line, column }: Position, what: string): Error {
  return toConfigError(`${source}, line ${line}, column ${column}`, what);
}

/** The words of a parser; some have a part of the text in them. */
function toClause(message: string): string {
  const [line = ""] = hidePasswords(message).split("\n");
  return line.slice(0, 200).replace(/\.$/, "");
}

function refuseNull(data: object, source: string): void {
  const isWithout = (value: unknown): boolean =>
    typeof value === "object" ? value !== null && Object.values(value).every(isWithout) : true;
  if (!isWithout(data)) throw toConfigError(source, "TOML has no null; write JSON or YAML, or leave it out");
}
