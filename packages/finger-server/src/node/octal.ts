/**
 * Reads permissions, or a mask of them, in octal.
 *
 * @param option - Its name, for the message.
 * @throws `RangeError` when the text is no such number.
 *
 * @example parseOctal("--umask", "027") // 0o27
 */
export function parseOctal(option: string, text: string): number {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  throw new RangeError(
    `${option} ${JSON.stringify(text)} is no number in octal; write one to four digits, such as 027`,
  );
}
