import { pause } from "../connection/pause.js";

/**
 * Reads the beginning of a stream, and ends it: a chat is no place for a build log.
 *
 * @throws what the stream throws before there is anything.
 */
export async function readHead(stream: AsyncIterable<string>, { lines, ms, signal, onError }: Reading): Promise<Head> {
  const iterator = stream[Symbol.asyncIterator]();
  const timer = new AbortController();
  const over = pause(ms, AbortSignal.any([timer.signal, signal])).then(() => OVER);
  let text = "";
  try {
    // Empty pieces count, too, for a stream of nothing else would never end.
    for (let [pieces, ends] = [0, 0]; text.length + pieces < MOST && ends <= lines; pieces++) {
      const next = await Promise.race([iterator.next(), over]);
      if (next.done) return { text, isWhole: next !== OVER };
      text += next.value;
      ends += countEnds(next.value);
    }
  } catch (error) {
    if (text === "") throw error;
    onError(error);
  } finally {
    timer.abort();
    // A generator that waits does not hear of it before it goes on, so nobody waits for that.
    void (async () => iterator.return?.())().catch(onError);
  }
  return { text: text.slice(0, MOST), isWhole: false };
}

export interface Reading {
  /** How many lines are enough. */
  readonly lines: number;
  /** How long to wait for them, in milliseconds; what is there then is all. */
  readonly ms: number;
  readonly signal: AbortSignal;
  /** Hears why a stream broke, of which something is told. */
  readonly onError: (error: unknown) => void;
}

/** The beginning of a stream. */
export interface Head {
  readonly text: string;
  /** Whether that is all there is. */
  readonly isWhole: boolean;
}

function countEnds(text: string): number {
  return text.split("\n").length - 1;
}

const OVER = { value: undefined, done: true } as const;
/** In units of UTF-16; as much as nobody wants to read in a chat. */
const MOST = 16_384;
