/**
 * The nicks to try, best first: the one that is wanted, with one or two low lines, and with digits. While the longest nick of
 * a server is not known, those of the 9 characters that every server allows (RFC 2812 1.2.1) come after the first two: for each
 * nick that is none, a server may let us wait 2 s.
 */
export function toNicks(wanted: string, longest?: number | undefined): readonly string[] {
  const sure = longest ?? Math.max(wanted.length + 2, SHORTEST);
  const [first = wanted, second = wanted, ...others] = fitted(wanted, sure);
  return [...new Set([first, second, ...(longest === undefined ? fitted(wanted, SHORTEST) : []), ...others])];
}

/** A server may cut a nick that is too long without a word, so it is the nick that gives way to what is put behind it. */
function fitted(wanted: string, longest: number): readonly string[] {
  return SUFFIXES.map((suffix) => wanted.slice(0, Math.max(1, longest - suffix.length)) + suffix);
}

const SHORTEST = 9;
const SUFFIXES = ["", "_", "__", ...Array.from("123456789")];
