import { prepend, returnAtOnce } from "../../text-stream.js";
import { startTimer } from "../../timer.js";

/** How a stream is passed on. */
export interface RelayRules {
  /** How much is passed on, in bytes of UTF-8. */
  readonly maxBytes: number;
  /** What to say behind a text that was cut there, as a line of its own. */
  readonly cutOff: string;
  /** How long it may take, in milliseconds. */
  readonly totalTime: number;
  /** What to say behind a text that was cut there, as a line of its own. */
  readonly tooLong: string;
  /** Called once, when nothing comes any more, or nobody wants it: the end, an error, `return()`. */
  readonly onEnd: () => void;
}

/**
 * Passes on a stream whose first text was taken from it already. It need not be read, only returned, for the other to be
 * returned too.
 */
export function relay(
  first: string,
  rest: AsyncGenerator<string, void, undefined>,
  rules: RelayRules,
): AsyncGenerator<string, void, undefined> {
  let isLate = false;
  const timer = startTimer(
    rules.totalTime,
    () => {
      isLate = true;
      rest.return().catch(() => {}); // it is only closed, and its reader hears of what went wrong
    },
    undefined,
  );
  const onEnd = () => {
    clearTimeout(timer);
    rules.onEnd();
  };
  return returnAtOnce(
    cut(prepend(first, rest), { ...rules, onEnd }, () => isLate),
    rest,
    onEnd,
  );
}

async function* cut(
  texts: AsyncIterable<string>,
  rules: RelayRules,
  isLate: () => boolean,
): AsyncGenerator<string, void, undefined> {
  let left = rules.maxBytes;
  let last = "";
  try {
    for await (const text of texts) {
      const bytes = Buffer.from(text);
      if (bytes.length > left) {
        const part = toWholeCharacters(bytes.subarray(0, left));
        yield `${part}${isLineEnd(part || last) ? "" : "\n"}${rules.cutOff}\n`;
        return;
      }
      left -= bytes.length;
      last = text;
      yield text;
    }
    if (isLate()) yield `${isLineEnd(last) ? "" : "\n"}${rules.tooLong}\n`;
  } finally {
    rules.onEnd();
  }
}

function isLineEnd(text: string): boolean {
  return text === "" || text.endsWith("\n");
}

/** Text without the character that its end cuts in two. */
function toWholeCharacters(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
}
