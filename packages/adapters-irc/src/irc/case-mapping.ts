/**
 * The function that makes names equal which are equal to a server, by the CASEMAPPING of its ISUPPORT. One that is
 * not known is taken for `rfc1459`, which servers had before they could say.
 *
 * @example toFolder("rfc1459")("Ada[m]") // "ada{m}"
 */
export function toFolder(mapping: string): (name: string) => string {
  const upper = UPPER.get(mapping.toLowerCase()) ?? RFC_1459;
  return (name) => name.replace(upper, (char) => String.fromCharCode(char.charCodeAt(0) + 32));
}

/** `[\]^` stand before `{|}~` as `A` to `Z` stand before `a` to `z` (RFC 2812 2.2). */
const RFC_1459 = /[A-^]/g;

const UPPER: ReadonlyMap<string, RegExp> = new Map([
  ["ascii", /[A-Z]/g],
  ["strict-rfc1459", /[A-\]]/g],
]);
