import { escapeControls } from "../escape.js";

/** What a layout asks of its caller: the clock on the wall and the width of the screen. */
export interface FormatSettings {
  readonly now: Date;
  readonly timeZone: string | undefined;
  readonly width: number;
}

/** netkit takes half a year to be 182.5 days; in seconds. */
const HALF_A_YEAR = 182.5 * 24 * 3600;

/** Tells whether `date` is so long ago that its year must be told. Whole seconds, as in time(2). */
export function isLongAgo(date: Date, { now }: FormatSettings): boolean {
  return toSeconds(now) - toSeconds(date) >= HALF_A_YEAR;
}

export function toSeconds(date: Date): number {
  return Math.floor(+date / 1000);
}

/** Ends the last line, of which there is always one. */
export function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** A field has one line: what stands in it must not pass for another field. */
export function toField(text: string | undefined): string {
  return escapeControls((text ?? "").replace(/[\r\n]+/g, " "));
}
