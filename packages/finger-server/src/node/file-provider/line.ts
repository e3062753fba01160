/** The number of the line that an index is in, from 1. */
export function toLine(text: string, index: number): number {
  return text.slice(0, index).split(/\r\n|\r|\n/).length;
}
