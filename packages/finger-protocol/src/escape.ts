/**
 * Makes control characters visible, as netkit's finger does: `^X`, `^?` for DEL and `M-^X` for the C1 controls. TAB and
 * LF stay as they are.
 */
export function escapeControls(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, (control) => {
    const code = control.charCodeAt(0);
    return `${code < 0x80 ? "" : "M-"}^${String.fromCharCode((code & 0x7f) ^ 0x40)}`;
  });
}

/** Ends all lines with LF, whatever ended them. */
export function toLF(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** A text has lines, whatever ends them, and no other controls. */
export function toText(text: string): string {
  return escapeControls(toLF(text));
}
