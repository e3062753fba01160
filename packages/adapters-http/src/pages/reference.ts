/**
 * Tells whether a link to this is harmless: it is relative, or of a scheme that shows something and runs nothing.
 *
 * Browsers overlook blanks and controls before a URL, and tabs and line ends anywhere in it (URL Standard 4.4), and so do we.
 *
 * @example isReference(" java\nscript:alert(1)") // false
 */
export function isReference(text: string): boolean {
  const scheme = /^[a-z][a-z\d+.-]*(?=:)/i.exec(text.replace(/^[\0- ]+|[\t\n\r]/g, ""))?.[0];
  return scheme === undefined || SCHEMES.has(scheme.toLowerCase());
}

const SCHEMES: ReadonlySet<string> = new Set(["http", "https", "finger", "mailto", "gemini", "gopher", "acct"]);
