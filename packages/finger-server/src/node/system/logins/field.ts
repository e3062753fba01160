import { decodeReply } from "finger-protocol";

/** Reads a text of a C structure, which ends at a NUL, or where its room does. */
export function readField(bytes: Buffer, start: number, room: number): string {
  let end = start;
  let bits = 0;
  for (const most = start + room; end < most && bytes[end] !== 0; end++) bits |= bytes[end] as number;
  // Nearly all are plain, and a file has thousands of them.
  return bits < 0x80 ? bytes.toString("latin1", start, end) : decodeReply(bytes.subarray(start, end));
}

/** Whether a text can be what it is said to be: nobody has a name or a terminal with a control character. */
export function isPlain(text: string): boolean {
  return !CONTROLS.test(text);
}

/** Whether a text can be the name of a terminal: what is looked for in `/dev` must not lead out of it. */
function isTerminal(text: string): boolean {
  return isPlain(text) && !/^\/|(^|\/)\.{1,2}(\/|$)/.test(text);
}

/** A terminal without the `/dev/` that some programs leave in front; `undefined` when there is none, or can be none. */
export function toTerminal(text: string): string | undefined {
  const name = text.replace(/^\/dev\//, "");
  return name !== "" && isTerminal(name) ? name : undefined;
}

/** The time of so many seconds since 1970, when that can be one of a login. */
export function toTime(seconds: number): Date | undefined {
  return seconds > 0 && seconds < LATEST ? new Date(seconds * 1000) : undefined;
}

const CONTROLS = /[\0-\x1f\x7f]/;
/** The year 9999, beyond which dates have another form. */
const LATEST = 253_402_300_800;
