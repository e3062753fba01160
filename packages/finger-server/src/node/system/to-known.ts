/** What is not empty. */
export function toKnown(text: string): string | undefined {
  return text === "" ? undefined : text;
}
