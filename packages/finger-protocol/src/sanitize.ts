/** What may stay in sanitised text. */
export interface SanitizeOptions {
  /** Keeps colour and weight (SGR sequences, ECMA-48 8.3.117) and nothing else. @default false */
  readonly color?: boolean | undefined;
}

/**
 * Makes text from the network safe to show on a terminal (RFC 1288 3.3). Escape sequences go as a whole (ESC, CSI,
 * OSC, DCS, APC, PM and SOS, in 7-bit and in C1 form), then every control character but LF and TAB, every bidi
 * control and every lone surrogate. CRLF and CR become LF. A string that nothing ends loses its introducer alone, so
 * that nobody hides the rest of a reply. Takes linear time.
 *
 * Sanitise after decoding, as the last step: what is a letter in one character set is a control in another.
 *
 * @example
 * ```ts
 * sanitize("\x1b]0;pwned\x07Hello \x1b[31mred\x1b[0m"); // "Hello red"
 * sanitize("\x1b[31mred\x1b[0m", { color: true }); // "\x1b[31mred\x1b[0m"
 * ```
 */
export function sanitize(text: string, { color = false }: SanitizeOptions = {}): string {
  unsafe ??= new RegExp(UNSAFE, "gu");
  return text.replace(unsafe, (found: string, sgr: string | undefined) => {
    if (found[0] === "\r") return "\n";
    return color && sgr !== undefined ? `\x1b[${sgr}m` : "";
  });
}

/** The body of a string ends before any other control sequence, so each character is looked at twice at most. */
const BODY = String.raw`[^\x1b\x18\x1a\x80-\x9f]*`;
/** ST; or CAN and SUB, which break a sequence off (ECMA-48 8.3.148). */
const END = String.raw`(?:\x1b\\|[\x9c\x18\x1a])`;

const UNSAFE = [
  String.raw`(?:\x1b\[|\x9b)(?:([\d;:]*)m|[0-?]*[ -/]*[@-~]?)`, // CSI (ECMA-48 5.4), the colour apart
  String.raw`(?:\x1b\]|\x9d)${BODY.replace("[^", String.raw`[^\x07`)}(?:\x07|${END})`, // OSC, which xterm ends with BEL
  String.raw`(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])${BODY}${END}`, // DCS, SOS, PM and APC (ECMA-48 5.6)
  String.raw`\x1b[ -/]*[0-~]?`, // any other escape sequence (ECMA-35 13.2)
  String.raw`\r\n?`,
  String.raw`[\0-\x08\x0b-\x1f\x7f-\x9f\p{Bidi_Control}\p{Surrogate}]`,
].join("|");
/** Made when it is first needed: the classes of Unicode take a while to load. */
let unsafe: RegExp | undefined;
