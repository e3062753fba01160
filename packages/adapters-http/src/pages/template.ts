import { isReference } from "./reference.js";

/** Where in a template something is inserted: between tags, in a quoted attribute, or in one that holds a URL. */
export type Hole = "text" | "attribute" | "reference";

/**
 * Reads where the insertions of a template stand. A template is written by a programmer, so that it is read strictly: it ends
 * where it may end, and `<` begins a tag.
 *
 * @throws TypeError when one stands where escaping does not make it harmless.
 */
export function readHoles(parts: readonly string[]): readonly Hole[] {
  if (parts.some((part) => part.includes(HOLE))) throw new TypeError("A template of HTML cannot hold a NUL character.");
  const source = parts.join(HOLE);
  const holes: Hole[] = [];
  for (const token = new RegExp(TOKEN, "giy"); token.lastIndex < source.length; ) {
    const start = token.lastIndex;
    const { 0: markup = "", groups = {} } = token.exec(source) ?? refuse(source, start);
    if (markup.startsWith("<")) holes.push(...readTag(markup, groups["attributes"]));
    else holes.push(...Array<Hole>(countHoles(markup)).fill("text"));
  }
  return holes;
}

/** Comments and raw elements come as a whole, without attributes of which anything is known. */
function readTag(markup: string, attributes: string | undefined): readonly Hole[] {
  const found = attributes?.matchAll(new RegExp(ATTRIBUTE, "gi")) ?? [];
  const holes = Array.from(found, ({ groups = {} }) => {
    const { name = "", quoted = "" } = groups;
    return readAttribute(name.toLowerCase(), quoted.slice(1, -1));
  }).flat();
  if (holes.length < countHoles(markup)) throw misplaced(nameRaw(markup), markup);
  return holes;
}

function readAttribute(name: string, value: string): readonly Hole[] {
  const count = countHoles(value);
  if (count === 0) return [];
  const isRefresh = name === "content" && /url|^\s*\d/i.test(value);
  if (PROGRAMS.test(name) || isRefresh) throw misplaced(`in the attribute ${name}`, value);
  if (!REFERENCES.has(name)) return Array<Hole>(count).fill("attribute");
  return readReference(name, value, count);
}

/** The scheme is decided by one insertion alone, or before the first; whatever stands behind it is harmless then. */
function readReference(name: string, value: string, count: number): readonly Hole[] {
  const [before = "", after = ""] = value.split(HOLE);
  const rest = Array<Hole>(count - 1).fill("attribute");
  if (/[/?#:]/.test(before) && isReference(before)) return ["attribute", ...rest];
  if (before === "" && (count === 1 ? /^([/?#]|$)/ : /^[/?#]/).test(after)) return ["reference", ...rest];
  throw misplaced(`in the middle of the scheme of ${name}`, value);
}

function refuse(source: string, start: number): never {
  const rest = source.slice(start);
  const hole = rest.indexOf(HOLE);
  const before = rest.slice(0, hole);
  if (hole < 0) throw new TypeError(`A template of HTML breaks off, or has a bare "<": ${show(rest)}.`);
  if (/^<\/?[^\s>]*$/.test(before)) throw misplaced("in the name of a tag", rest);
  if (/^<(script|style|!--)/i.test(before)) throw misplaced(nameRaw(before), rest);
  if (/=\s*[^\s"'>]*$/.test(before)) throw misplaced('behind a "=" without quotes', rest);
  throw misplaced("in a tag", rest);
}

function nameRaw(markup: string): string {
  if (markup.startsWith("<!")) return "in a comment or a declaration";
  return `in <${/\w+/.exec(markup)?.[0]}>`;
}

function misplaced(where: string, markup: string): TypeError {
  return new TypeError(
    `Nothing can be inserted ${where}: ${show(markup)}. Insert it between tags, or in a quoted attribute that holds text or a URL.`,
  );
}

function show(markup: string): string {
  return markup.slice(0, 60).replaceAll(HOLE, "[…]");
}

function countHoles(text: string): number {
  return text.split(HOLE).length - 1;
}

/** Stands for an insertion: no HTML has it. */
const HOLE = "\0";

/** Attributes that are read as a program, as what an animation makes of another attribute, a style sheet, a document, or as several URLs. */
const PROGRAMS = /^(on.*|style|srcdoc|srcset|imagesrcset|ping|to|from|by|values)$/;

const REFERENCES: ReadonlySet<string> = new Set([
  "href",
  "xlink:href",
  "src",
  "action",
  "formaction",
  "cite",
  "data",
  "poster",
  "background",
  "manifest",
]);

const ATTRIBUTE = String.raw`\s+(?<name>[^\s"'<>/=\0]+)(?:\s*=\s*(?:(?<quoted>"[^"]*"|'[^']*')|[^\s"'=<>\0${"`"}]+))?`;
const TOKEN = [
  "[^<]+",
  "<!--[^]*?-->",
  "<![^>]*>",
  String.raw`<(?<raw>script|style)\b[^>]*>[^]*?</\k<raw>\s*>`,
  // Groups of the same name cannot stand in one expression twice.
  String.raw`</?(?!script\b|style\b)[a-z][^\s<>/"'=\0]*(?<attributes>(?:${ATTRIBUTE.replace(/\?<\w+>/g, "?:")})*)\s*/?>`,
].join("|");
