import { type SanitizeOptions, sanitize } from "finger-protocol";

/**
 * {@link sanitize} for text that comes in pieces: line by line, so that no piece ends within an escape sequence. Each line
 * is safe on its own: a sequence that runs over the end of its line loses what introduces it.
 */
export class LineSanitizer {
  private readonly options: SanitizeOptions;
  private held = "";

  constructor(options: SanitizeOptions = {}) {
    this.options = options;
  }

  /** The lines that are now whole; the rest is held back until its end comes, or it is {@link LONGEST_LINE} long. */
  push(text: string): string {
    const end = text.lastIndexOf("\n") + 1;
    if (end === 0) this.held += text;
    const lines = end === 0 ? "" : sanitizeLines(this.held + text.slice(0, end), this.options);
    if (end > 0) this.held = text.slice(end);
    return lines + (this.held.length > LONGEST_LINE ? this.flush() : "");
  }

  /** The last line, when nothing ended it. */
  end(): string {
    const { held } = this;
    this.held = "";
    return sanitizeLines(held, this.options);
  }

  /** All that is held, but for half a character. */
  private flush(): string {
    const cut = this.held.length - (isHalf(this.held) ? 1 : 0);
    const text = sanitizeLines(this.held.slice(0, cut), this.options);
    this.held = this.held.slice(cut);
    return text;
  }
}

function sanitizeLines(text: string, options: SanitizeOptions): string {
  // Most lines are plain, and to see that is quicker than to make ready for all that is unsafe.
  if (/^[\t\n -~]*$/.test(text)) return text;
  return text
    .split("\n")
    .map((line) => sanitize(line, options).replace(SGR, (sgr, codes: string) => (conceals(codes) ? "" : sgr)))
    .join("\n");
}

/** Whether the text ends in the first half of a surrogate pair. */
function isHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

/** The longest line that is held back, in UTF-16 code units. */
const LONGEST_LINE = 64 * 1024;

/** Tells whether an SGR hides what follows (code 8), which somebody could then copy unseen. As a part of a colour it does not. */
function conceals(codes: string): boolean {
  return codes
    .replace(/[34]8[;:](?:5[;:]\d*|2(?:[;:]\d*){3,4})/g, "")
    .split(/[;:]/)
    .some((code) => Number(code) === 8);
}

const SGR = /\x1b\[([\d;:]*)m/g;
