import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { describeClient } from "./manuals/finger-client.mjs";

/** @typedef {readonly [term: string | number, text: string]} Entry */

/**
 * What a page says. Of a text, what stands between backquotes is bold.
 *
 * @typedef {object} ManPage
 * @property {string} name
 * @property {string} date - When the words were last looked through, as 2026-11-25; not when the page was made.
 * @property {string} summary - What it does, in a few words.
 * @property {readonly string[]} synopsis - Each way to call it, without the name; words in capitals stand for others.
 * @property {ReadonlyArray<string | readonly Entry[]>} description - Paragraphs, and lists.
 * @property {readonly Entry[]} options - Such as `["-p, --port PORT", "the port"]`.
 * @property {readonly Entry[]} examples - Commands, and what they are for.
 * @property {readonly Entry[]} environment
 * @property {readonly Entry[]} exitCodes
 * @property {readonly string[]} seeAlso - Such as `finger(1)`.
 * @property {readonly string[]} standards
 */

/** Writes the manual pages of the built commands into their packages. */
export function writeManPages() {
  const help = createRequire(import.meta.url)(resolve("packages/finger-client/dist/command/help.cjs"));
  mkdirSync("packages/finger-client/man", { recursive: true });
  writeFileSync("packages/finger-client/man/finger-client.1", formatManPage(describeClient(help)));
}

/**
 * Formats a page of section 1 in the macros of man(7), which groff and mandoc know.
 *
 * @param {ManPage} page
 */
export function formatManPage(page) {
  const { name, date, summary, synopsis, description, options, examples, environment, exitCodes, seeAlso, standards } =
    page;
  const sections = {
    NAME: `${escapeRoff(name)} \\- ${escapeRoff(summary)}\n`,
    SYNOPSIS: synopsis.map((usage) => `${toBold(name)} ${formatUsage(usage)}\n`).join(".br\n"),
    DESCRIPTION: description.map(formatPart).join(""),
    OPTIONS: formatList(options, formatUsage),
    EXAMPLES: formatList(examples),
    ENVIRONMENT: formatList(environment),
    "EXIT STATUS": formatList(exitCodes),
    "SEE ALSO": seeAlso.map((reference) => `${formatReference(reference)}\n`).join(".br\n"),
    STANDARDS: standards.map(formatPart).join(""),
  };
  const body = Object.entries(sections).map(([heading, text]) => (text === "" ? "" : `.SH ${heading}\n${text}`));
  // No hyphenation: it would cut commands and URLs in two.
  return `.TH "${escapeRoff(name.toUpperCase())}" 1 ${date} "${escapeRoff(name)}" "General Commands Manual"
.nh
${body.join("")}`;
}

/**
 * @param {string | readonly Entry[]} part
 * @param {number} index
 */
function formatPart(part, index) {
  if (typeof part !== "string") return formatList(part);
  return index === 0 ? formatText(part) : `.PP\n${formatText(part)}`;
}

/**
 * @param {readonly Entry[]} entries
 * @param {(term: string) => string} formatTerm
 */
function formatList(entries, formatTerm = toBold) {
  return entries.map(([term, text]) => `.TP\n${formatTerm(String(term))}\n${formatText(text)}`).join("");
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
  const [, name, section] = /^([\w-]+)(\(\d\))$/.exec(reference) ?? [];
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
 * What roff would take for something else; it also prints quotes, hyphens and hats as what no shell knows.
 *
 * @param {string} text
 */
function escapeRoff(text) {
  return text
    .replace(/\s+/g, " ")
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
