/**
 * Puts the texts of a page together to lines, with white space as HTML shows it: runs of it are one blank, none stands at
 * either end of a line, and there is one blank line at most between two others.
 */
export class LineWriter {
  private readonly written: string[] = [];
  /** Line ends that come before the next text, if there is any. */
  private lineEnds = 0;
  /** A blank comes before the next text, if that is on the same line. */
  private hasSpace = false;
  private depth = 0;

  /** Writes a text. */
  text(text: string): void {
    if (this.depth > 0) this.write(text);
    else this.fold(text);
  }

  /** What comes next begins a line. */
  line(): void {
    this.lineEnds = Math.max(this.lineEnds, 1);
  }

  /** A blank line comes before what is next. */
  blankLine(): void {
    this.lineEnds = 2;
  }

  /** Ends the line, even an empty one. */
  lineBreak(): void {
    this.lineEnds = Math.min(this.lineEnds + 1, 2);
  }

  /** White space is kept as it is, until this is undone as often as it was asked for. */
  keepSpace(isKept: boolean): void {
    this.depth += isKept ? 1 : -1;
  }

  /** The whole text, without blank lines at its start and its end. */
  end(): string {
    const text = this.written.join("");
    let start = 0;
    while (text[start] === "\n") start++;
    return text.slice(start).trimEnd();
  }

  private fold(text: string): void {
    const folded = text.replace(/[\t\n\f\r ]+/g, " ");
    const start = folded.startsWith(" ") ? 1 : 0;
    const end = folded.length > 1 && folded.endsWith(" ") ? folded.length - 1 : folded.length;
    if (start === 1) this.hasSpace = true;
    this.write(folded.slice(start, end));
    if (end < folded.length) this.hasSpace = true;
  }

  private write(text: string): void {
    if (text === "") return;
    const last = this.written.at(-1);
    const owed = Math.max(0, this.lineEnds - countLineEnds(last ?? ""));
    if (this.lineEnds > 0 && last !== undefined) this.written.push("\n".repeat(owed));
    else if (this.hasSpace && last !== undefined) this.written.push(" ");
    this.written.push(text);
    this.lineEnds = 0;
    this.hasSpace = false;
  }
}

/** How many line ends a kept text has at its end, of two that count. */
function countLineEnds(text: string): number {
  return text.endsWith("\n\n") ? 2 : text.endsWith("\n") ? 1 : 0;
}
