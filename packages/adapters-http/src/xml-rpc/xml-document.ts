import { NO_CHARACTER } from "../text/xml-text.js";

/** An element of a document that has no attributes. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text in it, that of its children apart. */
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
}

/** A document, read. */
export interface XmlDocument {
  readonly root: XmlElement;
  /** An error that says where in the document something is wrong. */
  wrong(what: string, element: XmlElement): SyntaxError;
}

/**
 * Reads the XML that XML-RPC needs and no more, strictly and in linear time: elements, text, the five entities and references to
 * characters, comments. What others have been attacked with is refused by name: document types, and so entities; instructions,
 * attributes, and elements in more than sixteen others.
 *
 * @throws `SyntaxError` with the line and the column.
 */
export function parseXml(source: string): XmlDocument {
  const text = source.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const forbidden = text.search(NO_CHARACTER);
  if (forbidden >= 0) throw wrongAt(text, forbidden, "XML has no such character");
  const root = readRoot(text, skipDeclaration(text));
  return { root, wrong: (what, { at }) => wrongAt(text, at, what) };
}

/** An element that is being read. */
interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

function readRoot(text: string, start: number): XmlElement {
  // What is outside of the root is in an element of ours.
  const outside: OpenElement = { name: "", children: [], text: "", at: start };
  const open = [outside];
  for (let at = start; at < text.length; ) at = readPiece(text, at, open);
  const [root] = outside.children;
  const last = open.at(-1) ?? outside;
  if (last !== outside) throw wrongAt(text, text.length, `the element ${last.name} does not end`);
  if (root === undefined) throw wrongAt(text, text.length, "there is no element");
  return root;
}

/** Reads one tag, comment or stretch of text, and returns where the next one begins. */
function readPiece(text: string, at: number, open: OpenElement[]): number {
  if (text[at] !== "<") return readText(text, at, open);
  if (text.startsWith("<!--", at)) return skipComment(text, at);
  TAG.lastIndex = at;
  const [tag, slash, name = "", empty] = TAG.exec(text) ?? [];
  if (tag === undefined) throw wrongAt(text, at, nameRefused(text.slice(at, at + 9)));
  if (slash === "/") endElement(text, at, name, open);
  else startElement(text, at, name, open);
  if (empty === "/") open.pop();
  return at + tag.length;
}

function startElement(text: string, at: number, name: string, open: OpenElement[]): void {
  const parent = open.at(-1);
  if (open.length === 1 && parent?.children.length === 1) throw wrongAt(text, at, "there is a second root element");
  if (open.length > DEEPEST) throw wrongAt(text, at, `elements are nested more than ${DEEPEST} deep`);
  const element: OpenElement = { name, children: [], text: "", at };
  parent?.children.push(element);
  open.push(element);
}

function endElement(text: string, at: number, name: string, open: OpenElement[]): void {
  const last = open.at(-1)?.name;
  if (last === "") throw wrongAt(text, at, `nothing begins that ${name} could end`);
  if (last !== name) throw wrongAt(text, at, `the element ${last} does not end with ${name}`);
  open.pop();
}

function readText(text: string, at: number, open: readonly OpenElement[]): number {
  const next = text.indexOf("<", at);
  const end = next < 0 ? text.length : next;
  const piece = text.slice(at, end);
  const element = open.at(-1);
  const closing = piece.indexOf("]]>");
  if (closing >= 0) throw wrongAt(text, at + closing, "]]> must be written as ]]&gt;");
  if (open.length === 1 && !isBlank(piece)) throw wrongAt(text, at, "there is text outside of the root element");
  if (element !== undefined) element.text += decodeReferences(text, at, piece);
  return end;
}

function decodeReferences(text: string, at: number, piece: string): string {
  return piece.replace(
    /&(?:#(\d{1,7});|#x([\da-fA-F]{1,6});|(amp|lt|gt|quot|apos);)?/g,
    (found, decimal, hex, name, offset) => {
      const char = name === undefined ? toCharacter(decimal, hex) : ENTITIES.get(name);
      if (char !== undefined) return char;
      throw wrongAt(
        text,
        at + Number(offset),
        found === "&" ? "there is no such entity; write &amp; for &" : "XML has no such character",
      );
    },
  );
}

function toCharacter(decimal: string | undefined, hex: string | undefined): string | undefined {
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  if (Number.isNaN(code) || code > 0x10ffff) return undefined;
  const char = String.fromCodePoint(code);
  return char.search(NO_CHARACTER) < 0 ? char : undefined;
}

function skipComment(text: string, at: number): number {
  const end = text.indexOf("--", at + "<!--".length);
  if (end >= 0 && text[end + 2] === ">") return end + "-->".length;
  throw wrongAt(text, at, end < 0 ? "the comment does not end" : "there is -- in the comment");
}

/** Where the document begins behind its declaration, if it has one. */
function skipDeclaration(text: string): number {
  if (!/^<\?xml[ \t\n]/.test(text)) return 0;
  const [declaration, encoding] = DECLARATION.exec(text) ?? [];
  if (declaration === undefined) throw wrongAt(text, 0, "the XML declaration cannot be read");
  if (encoding !== undefined && !/^utf-8$/i.test(encoding)) {
    throw wrongAt(text, 0, `the encoding is ${encoding}; send UTF-8`);
  }
  return declaration.length;
}

/** What it is that begins so, and is not read. */
function nameRefused(start: string): string {
  if (start.startsWith("<!DOCTYPE")) return "a document type is not allowed";
  if (start.startsWith("<![CDATA[")) return "CDATA is not read; write &lt; for <";
  if (start.startsWith("<?")) return "an instruction is not allowed";
  return "this is no tag, or it has attributes, which XML-RPC does not";
}

function wrongAt(text: string, at: number, what: string): SyntaxError {
  const before = text.slice(0, at);
  const column = at - before.lastIndexOf("\n");
  return new SyntaxError(`line ${before.split("\n").length}, column ${column}: ${what}`);
}

/** Whether there is nothing but what XML calls white space. */
export function isBlank(text: string): boolean {
  return !/[^ \t\n\r]/.test(text);
}

const DEEPEST = 16;
const TAG = /<(\/?)([A-Za-z_][\w.:-]*)[ \t\n]*(\/?)>/y;
const DECLARATION =
  /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.\d+"|'1\.\d+')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*["']([\w.-]+)["'])?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*["'](?:yes|no)["'])?[ \t\n]*\?>/;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);
