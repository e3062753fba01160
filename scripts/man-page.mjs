import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describeClient } from "./manuals/finger-client.mjs";
import { describeConfig } from "./manuals/finger-config.mjs";
import { describeServer } from "./manuals/finger-server.mjs";

/** @typedef {readonly [term: string | number, text: string]} Entry */

/**
 * What stands in a section: a paragraph, a list, a list of ways to call something, a heading, or lines that stay as they are. Of a
 * text, what stands between backquotes is bold.
 *
 * @typedef {string | readonly Entry[] | { readonly usages: readonly Entry[] } | { readonly heading: string } | { readonly lines: string }} Part
 */

/** @typedef {readonly [heading: string, parts: readonly Part[]]} Section */

/**
 * What a page says.
 *
 * @typedef {object} ManPage
 * @property {string} name
 * @property {keyof typeof VOLUMES} section - Of the manual: 1 is of commands, 5 of files.
 * @property {string} date - When the words were last looked through, as 2026-11-25; not when the page was made.
 * @property {string} summary - What it does, in a few words.
 * @property {readonly string[]} synopsis - Each way to call it, without the name; words in capitals stand for others.
 * @property {readonly Section[]} sections - One without parts is left out.
 * @property {readonly string[]} seeAlso - Such as `finger(1)`.
 * @property {readonly string[]} standards
 */

/** Writes the manual pages of the built commands into their packages. */
export async function writeManPages() {
  const load = createRequire(import.meta.url);
  const clientHelp = load(resolve("packages/finger-client/dist/command/help.cjs"));
  const serverHelp = await import(pathToFileURL("packages/finger-server/dist/node/command/help.js").href);
  writePage("finger-client", describeClient(clientHelp));
  writePage("finger-server", describeServer(serverHelp));
  writePage("finger-server", describeConfig(load(resolve("packages/finger-server/finger.config.schema.json"))));
}

/**
 * @param {string} folder
 * @param {ManPage} page
 */
function writePage(folder, page) {
  mkdirSync(`packages/${folder}/man`, { recursive: true });
  writeFileSync(`packages/${folder}/man/${page.name}.${page.section}`, formatManPage(page));
}

/** What the sections of the manual are called. */
const VOLUMES = /** @type {const} */ ({ 1: "General Commands Manual", 5: "File Formats Manual" });

/**
 * Formats a page in the macros of man(7), which groff and mandoc know.
 *
 * @param {ManPage} page
 */
export function formatManPage({ name, section, date, summary, synopsis, sections, seeAlso, standards }) {
  const all = [
    ["NAME", `${escapeRoff(name)} \\- ${escapeRoff(summary)}\n`],
    ["SYNOPSIS", synopsis.map((usage) => `${toBold(name)} ${formatUsage(usage)}\n`).join(".br\n")],
    ...sections.map(([heading, parts]) => [heading, formatParts(parts)]),
    ["SEE ALSO", seeAlso.map((reference) => `${formatReference(reference)}\n`).join(".br\n")],
    ["STANDARDS", formatParts(standards)],
  ];
  const body = all.map(([heading, text]) => (text === "" ? "" : `.SH ${heading}\n${text}`));
  const title = `"${escapeRoff(name.toUpperCase())}" ${section} ${date} "${escapeRoff(name)}" "${VOLUMES[section]}"`;
  // No hyphenation: it would cut commands and URLs in two.
  return `.TH ${title}\n.nh\n${body.join("")}`;
}

/** @param {readonly Part[]} parts */
function formatParts(parts) {
  return parts.map((part, index) => formatPart(part, parts[index - 1])).join("");
}

/**
 * @param {Part} part
 * @param {Part | undefined} before
 */
function formatPart(part, before) {
  const gap = isStart(before) ? "" : ".PP\n";
  if (typeof part === "string") return `${gap}${formatText(part)}`;
  if ("heading" in part) return `.SS ${escapeRoff(part.heading)}\n`;
  if ("lines" in part) return `${gap}.RS 4\n.nf\n${formatLines(part.lines)}.fi\n.RE\n`;
  return "usages" in part ? formatList(part.usages, formatUsage) : formatList(part);
}

/**
 * Whether nothing stands between a heading and what follows.
 *
 * @param {Part | undefined} before
 */
function isStart(before) {
  return before === undefined || (typeof before === "object" && "heading" in before);
}

/**
 * @param {readonly Entry[]} entries
 * @param {(term: string) => string} formatTerm
 */
function formatList(entries, formatTerm = toBold) {
  return entries.map(([term, text]) => `.TP\n${formatTerm(String(term))}\n${formatText(text)}`).join("");
}

/** @param {string} text */
function formatLines(text) {
  return text
    .trim()
    .split("\n")
    .map((line) => `${escapeLine(line)}\n`)
    .join("");
}

/** @param {string} text */
function formatText(text) {
  const pieces = text.trim().split(/`([^`]+)`/);
  return `${pieces.map((piece, index) => (index % 2 === 1 ? toBold(piece) : escapeRoff(piece))).join("")}\n`;
}

/**
 * Options bold, what stands for something else in italics: `-p, --port PORT`.
 *
 * @param {string} usage
 */
function formatUsage(usage) {
  const pieces = usage.trim().split(/(--?\w[\w-]*|[A-Z]{2,})/);
  return pieces
    .map((piece, index) =>
      index % 2 === 0 ? escapeRoff(piece) : piece.startsWith("-") ? toBold(piece) : toItalic(piece),
    )
    .join("");
}

/**
 * The name bold, the section not: `finger(1)`.
 *
 * @param {string} reference
 */
function formatReference(reference) {
  const [, name, section] = /^([\w.-]+)(\(\d\))$/.exec(reference) ?? [];
  return name ? `${toBold(name)}${section}` : escapeRoff(reference);
}

/** @param {string} text */
function toBold(text) {
  return `\\fB${escapeRoff(text)}\\fR`;
}

/** @param {string} text */
function toItalic(text) {
  return `\\fI${escapeRoff(text)}\\fR`;
}

/**
 * Text that may be wrapped.
 *
 * @param {string} text
 */
function escapeRoff(text) {
  return escapeLine(text.replace(/\s+/g, " "));
}

/**
 * What roff would take for something else; it also prints quotes, hyphens and hats as what no shell knows.
 *
 * @param {string} text
 */
function escapeLine(text) {
  return text
    .replace(/[\\'`"^~-]/g, (character) => ESCAPES[character] ?? character)
    .replace(/[^\x20-\x7e]/gu, (character) => `\\[u${hex(character)}]`)
    .replace(/^\./, "\\&.");
}

/** @param {string} character */
function hex(character) {
  return character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
}

/** @type {Readonly<Record<string, string>>} */
const ESCAPES = {
  "\\": "\\(rs",
  "'": "\\(aq",
  "`": "\\(ga",
  '"': "\\(dq",
  "^": "\\(ha",
  "~": "\\(ti",
  "-": "\\-",
};
