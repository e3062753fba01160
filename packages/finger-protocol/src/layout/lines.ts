import { escapeControls } from "../escape.js";

/** Ends the last line, of which there is always one. */
export function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** A field has one line: what stands in it must not pass for another field. */
export function toField(text: string | undefined): string {
  return escapeControls((text ?? "").replace(/[\r\n]+/g, " "));
}
