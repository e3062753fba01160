/**
 * A text for a message: what stands before an `@` in a URL may be a password, even where the URL is none.
 *
 * @example hidePasswords("redis://me:secret@example.org") // "redis://…@example.org"
 */
export function hidePasswords(text: string): string {
  return text.replace(/([a-z][a-z+.-]*:\/*).*@/is, "$1…@");
}
