/**
 * Finds where a text stops being JSON, as the index of the first thing that cannot stand there; `undefined` when it is
 * JSON. What `JSON.parse` says of it differs between engines, and has often no place. Takes linear time.
 *
 * @example findJsonMistake('{"a": 1,}') // 8
 */
export function findJsonMistake(text: string): number | undefined {
  const open: string[] = [];
  let expected = VALUE;
  let index = skipBlanks(text, 0);
  while (index < text.length) {
    const { kind, end } = readToken(text, index);
    if (kind === "" || !expected.includes(kind)) return index;
    const isKey = kind === STRING && !expected.includes(LITERAL);
    if (kind === "{" || kind === "[") open.push(kind);
    if (kind === "}" || kind === "]") open.pop();
    expected = isKey ? ":" : whatFollows(kind, open.at(-1));
    index = skipBlanks(text, end);
  }
  return expected === "" ? undefined : index;
}

/** Kinds of tokens are letters and signs, so that a text can say which ones may come. */
const STRING = "s";
const LITERAL = "l";
const VALUE = `{[${STRING}${LITERAL}`;

function whatFollows(kind: string, inside: string | undefined): string {
  if (kind === ":") return VALUE;
  if (kind === "{") return `${STRING}}`;
  if (kind === "[") return `${VALUE}]`;
  if (kind === ",") return inside === "{" ? STRING : VALUE;
  if (inside === undefined) return "";
  return inside === "{" ? ",}" : ",]";
}

function readToken(text: string, index: number): { kind: string; end: number } {
  const char = text.charAt(index);
  if ("{}[],:".includes(char)) return { kind: char, end: index + 1 };
  if (char === '"') return readString(text, index);
  LITERALS.lastIndex = index;
  return LITERALS.test(text) ? { kind: LITERAL, end: LITERALS.lastIndex } : { kind: "", end: index };
}

const LITERALS = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;

function readString(text: string, start: number): { kind: string; end: number } {
  let index = start + 1;
  while (index < text.length && text.charCodeAt(index) >= 0x20) {
    const char = text[index];
    if (char === '"') return { kind: STRING, end: index + 1 };
    ESCAPE.lastIndex = index;
    if (char === "\\" && !ESCAPE.test(text)) break;
    index = char === "\\" ? ESCAPE.lastIndex : index + 1;
  }
  return { kind: "", end: start };
}

function skipBlanks(text: string, index: number): number {
  let end = index;
  while (end < text.length && " \t\r\n".includes(text.charAt(end))) end++;
  return end;
}
