/** Decodes what is percent-encoded (RFC 3986 2.1); `undefined` when it is not, or not UTF-8. */
export function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
