/** One line of IRC, read (RFC 1459 2.3, IRCv3 message tags). */
export interface IrcMessage {
  readonly tags: ReadonlyMap<string, string>;
  /** Who sent it; `undefined` when it is the server at the other end. */
  readonly source: IrcSource | undefined;
  /** In upper case: a word, or three digits. */
  readonly command: string;
  readonly params: readonly string[];
}

/** `nick!user@host`, or the name of a server. */
export interface IrcSource {
  /** The nick, or the name of the server. */
  readonly name: string;
  readonly user: string | undefined;
  readonly host: string | undefined;
}

/**
 * Reads a line, without its end. `undefined` for what is none. Never throws.
 *
 * @example parseMessage(":ada!a@host PRIVMSG bot :alice") // { source: { name: "ada", … }, command: "PRIVMSG", params: ["bot", "alice"] }
 */
export function parseMessage(line: string): IrcMessage | undefined {
  let rest = line;
  let tags: ReadonlyMap<string, string> = NO_TAGS;
  if (rest.startsWith("@")) {
    const [head, tail] = cut(rest.slice(1));
    [tags, rest] = [parseTags(head), tail];
  }
  let source: IrcSource | undefined;
  if (rest.startsWith(":")) {
    const [head, tail] = cut(rest.slice(1));
    [source, rest] = [parseSource(head), tail];
  }
  const [command, tail] = cut(rest);
  if (!isCommand(command)) return undefined;
  return { tags, source, command: command.toUpperCase(), params: parseParams(tail) };
}

/** The first word, and what is behind it and the blanks. */
function cut(text: string): readonly [head: string, tail: string] {
  const at = text.indexOf(" ");
  if (at < 0) return [text, ""];
  let end = at;
  while (text[end] === " ") end++;
  return [text.slice(0, at), text.slice(end)];
}

function parseParams(text: string): readonly string[] {
  const params: string[] = [];
  for (let rest = text; rest !== ""; ) {
    if (rest.startsWith(":")) return [...params, rest.slice(1)];
    const [head, tail] = cut(rest);
    params.push(head);
    rest = tail;
  }
  return params;
}

function parseSource(text: string): IrcSource {
  const at = text.indexOf("@");
  const host = at < 0 ? undefined : text.slice(at + 1);
  const who = at < 0 ? text : text.slice(0, at);
  const bang = who.indexOf("!");
  return { name: bang < 0 ? who : who.slice(0, bang), user: bang < 0 ? undefined : who.slice(bang + 1), host };
}

function parseTags(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of text.split(";")) {
    const at = tag.indexOf("=");
    if (tag !== "") tags.set(at < 0 ? tag : tag.slice(0, at), at < 0 ? "" : unescapeTag(tag.slice(at + 1)));
  }
  return tags;
}

/** IRCv3 message tags, escaping values. */
function unescapeTag(value: string): string {
  return value.replace(/\\(.?)/gs, (_, char: string) => TAG_ESCAPES[char] ?? char);
}

const TAG_ESCAPES: Readonly<Record<string, string>> = { ":": ";", s: " ", "\\": "\\", r: "\r", n: "\n" };

function isCommand(text: string): boolean {
  return /^(?:[A-Za-z]+|\d{3})$/.test(text);
}

const NO_TAGS: ReadonlyMap<string, string> = new Map();

/**
 * Writes a line, without its end: the only way to make one that is sent.
 *
 * @throws `TypeError` when a part would end the line, or would be read as another part. It does not tell the part, which
 * may be a password.
 */
export function formatMessage(command: string, ...params: readonly string[]): string {
  if (!isCommand(command)) throw new TypeError(`${JSON.stringify(command)} is no command of IRC.`);
  const last = params.length - 1;
  const words = params.map((param, index) => {
    const problem = findProblem(param, index === last);
    if (problem !== undefined) throw new TypeError(`Part ${index + 1} of what is sent by ${command} ${problem}.`);
    return isWord(param) ? param : `:${param}`;
  });
  return [command, ...words].join(" ");
}

function findProblem(param: string, isLast: boolean): string | undefined {
  if (/[\r\n\0]/.test(param)) return "has CR, LF or NUL, which end a line";
  if (param.includes("\x01") && !(isLast && CTCP.test(param)))
    return "has 0x01, which stands only round the whole of a CTCP";
  return isLast || isWord(param) ? undefined : "is empty, has a blank or begins with a colon, as only the last can";
}

function isWord(param: string): boolean {
  return param !== "" && !param.startsWith(":") && !param.includes(" ");
}

/** What `formatCtcp` writes. */
const CTCP = /^\x01[^\x01]+\x01$/;
