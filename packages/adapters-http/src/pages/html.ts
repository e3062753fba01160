import { sanitize } from "finger-protocol";
import { isReference } from "./reference.js";
import { type Hole, readHoles } from "./template.js";

/** What may stand in a template: text, which is escaped; HTML, as it is; lists of those; and nothing. */
export type HtmlValue = string | number | Html | readonly HtmlValue[] | undefined | null | false;

/**
 * Makes HTML of a template. What is inserted is escaped, and loses what `sanitize` takes out of a text; behind `href="` and
 * its like only what is safe to follow stands, and `#` in place of the rest.
 *
 * An insertion stands between tags or in a quoted attribute, where escaping is enough to make it harmless.
 *
 * @throws TypeError when one stands elsewhere: in a tag, a comment, a script, a style sheet, or an attribute that is one.
 *
 * @example
 * ```ts
 * html`<p title="${'"'}">${"<b>"}</p>`.toString(); // '<p title="&quot;">&lt;b&gt;</p>'
 * ```
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const holes = findHoles(parts);
  let markup = parts[0] as string;
  for (let index = 0; index < holes.length; index++) {
    markup += insert(values[index], holes[index] as Hole) + parts[index + 1];
  }
  return new Html(markup);
}

/** Takes markup for what it says: for a style sheet and a script of which we know what is in them. */
export function trust(markup: string): Html {
  return new Html(markup);
}

export function isHtml(value: unknown): value is Html {
  return Html.is(value);
}

/** A piece of HTML. It comes from {@link html} alone, so that nothing gets into a page unescaped. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }

  /** What the piece is, whatever somebody has made of its methods. */
  static read(html: Html): string {
    return html.#markup;
  }

  static is(value: unknown): value is Html {
    return typeof value === "object" && value !== null && #markup in value;
  }
}
// Else whoever has a piece would have the class, with which to make another of any text.
Object.defineProperty(Html.prototype, "constructor", { value: Object });

/** A template is read once: its parts are one object, however often it is filled. */
function findHoles(parts: TemplateStringsArray): readonly Hole[] {
  // What was written by whom is known of templates alone.
  if (!Object.isFrozen(parts) || parts.raw === undefined) throw new TypeError("html is for templates: html`<p>…</p>`.");
  const known = templates.get(parts);
  if (known !== undefined) return known;
  const holes = readHoles(parts);
  templates.set(parts, holes);
  return holes;
}

const templates = new WeakMap<TemplateStringsArray, readonly Hole[]>();

function insert(value: HtmlValue, hole: Hole): string {
  if (hole === "text") return toMarkup(value);
  const text = toText(value);
  return escapeText(hole === "reference" && !isReference(text) ? "#" : text);
}

function toMarkup(value: HtmlValue): string {
  if (isHtml(value)) return Html.read(value);
  return Array.isArray(value) ? Array.from(value, toMarkup).join("") : escapeText(toText(value));
}

/** The text of a value, without what no page can hold, or should: control characters, bidi controls and lone surrogates. */
function toText(value: HtmlValue): string {
  if (value === undefined || value === null || value === false) return "";
  if (isHtml(value)) throw new TypeError(`HTML cannot stand in an attribute: ${value}. Insert the text of it.`);
  if (Array.isArray(value)) return Array.from(value, toText).join("");
  const text = String(value);
  return MAY_BE_UNSAFE.test(text) ? sanitize(text) : text;
}

function escapeText(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (char) => ENTITIES[char] as string) : text;
}

/** Cheap, for the texts that need no more, which are nearly all. Emoji have surrogates too, in pairs. */
const MAY_BE_UNSAFE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/;
const SPECIAL = /[&<>"'`]/;
const SPECIALS = /[&<>"'`]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};
