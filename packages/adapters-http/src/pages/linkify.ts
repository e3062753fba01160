import { sanitize } from "finger-protocol";
import { type Html, html } from "./html.js";

/**
 * Makes links of the URLs in a text. Punctuation behind a URL stays outside, and so does a bracket that was not opened in it.
 * Looks at each character a few times at most, whatever the text is.
 *
 * @example linkify("see http://a.example/.") // see <a href="http://a.example/" …>http://a.example/</a>.
 */
export function linkify(text: string): Html {
  const safe = sanitize(text);
  const pieces: (string | Html)[] = [];
  const start = new RegExp(START, "gi");
  let from = 0;
  for (let found = start.exec(safe); found !== null; found = start.exec(safe)) {
    const run = takeRun(safe, found.index);
    start.lastIndex = found.index + run.length;
    const url = run.length > MOST ? "" : trimEnd(run);
    if (!(found[0].endsWith("/") ? PLACE : MAILBOX).test(url.slice(found[0].length))) continue;
    pieces.push(safe.slice(from, found.index), toLink(url));
    from = found.index + url.length;
  }
  return html`${pieces}${safe.slice(from)}`;
}

/** Nobody vouches for what people write: no referrer, no hold on this window, and no rank with search engines. */
function toLink(url: string): Html {
  return html`<a href="${url}" rel="nofollow noopener noreferrer ugc">${url}</a>`;
}

/** From a place on all that may stand in a URL, or in an IRI (RFC 3987), which has letters of any script. */
function takeRun(text: string, from: number): string {
  const end = new RegExp(END, "g");
  end.lastIndex = from;
  return text.slice(from, end.exec(text)?.index ?? text.length);
}

function trimEnd(run: string): string {
  const surplus = countSurplus(run);
  let end = run.length;
  for (; end > 0; end--) {
    const char = run.charAt(end - 1);
    const opener = OPENERS[char];
    if (opener === undefined ? !PUNCTUATION.includes(char) : (surplus.get(opener) ?? 0) <= 0) break;
    if (opener !== undefined) surplus.set(opener, (surplus.get(opener) ?? 0) - 1);
  }
  return run.slice(0, end);
}

/** Of each kind of bracket, how many more are closed than opened; by the one that opens. */
function countSurplus(run: string): Map<string, number> {
  const surplus = new Map<string, number>();
  for (const char of run) {
    const opener = OPENERS[char];
    if (opener !== undefined) surplus.set(opener, (surplus.get(opener) ?? 0) + 1);
    else if (IS_OPENER.has(char)) surplus.set(char, (surplus.get(char) ?? 0) - 1);
  }
  return surplus;
}

const START = String.raw`\b(?:(?:https?|finger|gemini|gopher)://|mailto:)`;
/** Characters that RFC 3986 has no place for, and white space. */
const END = String.raw`[\s<>"\\^{|}${"`"}]`;
/** A longer one was not written for people to follow. */
const MOST = 2048;

/** What has to stand behind the scheme: the beginning of a host, or a mailbox. */
const PLACE = /^[\p{L}\p{N}[%_~]/u;
const MAILBOX = /^[^@?]+@[^@?]/;

const PUNCTUATION = ".,:;!?'*…。，、！？；：";
const OPENERS: Readonly<Record<string, string>> = {
  ")": "(",
  "]": "[",
  "）": "（",
  "」": "「",
  "』": "『",
  "】": "【",
  "》": "《",
  "»": "«",
  "›": "‹",
  "”": "“",
  "’": "‘",
};
const IS_OPENER: ReadonlySet<string> = new Set(Object.values(OPENERS));
