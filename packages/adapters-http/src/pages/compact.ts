/** Leaves out what only who writes a style sheet or a script needs: indentation, and empty lines. */
export function compact(source: string): string {
  return source.replace(/\n\s*/g, "\n").trim();
}
