/** Lines on their way to a server, never so many at once that it takes them for a flood. */
export interface SendQueue {
  /**
   * Sends a line at once, or as soon as it is its turn: what is of the connection's own before answers, and those before news.
   * What is for "now" never waits, and is counted.
   *
   * @returns `false` when too many wait already; the line is dropped.
   */
  send(urgency: Urgency, line: string): boolean;
  /** Forgets all that waits but answers, and calls `done` when those are sent; at once where there are none. */
  finish(done: () => void): void;
  /** Forgets what waits. */
  clear(): void;
  /** How many wait. */
  readonly waiting: number;
}

/** "now" is for what the server waits for. */
type Urgency = "now" | "own" | "answer" | "news";

export interface SendQueueOptions {
  readonly write: (line: string) => void;
  /**
   * Lines that may be sent at once after a silence.
   *
   * @default 4, which leaves a PONG of the 5 for which the strictest servers let a client be 10 s ahead (RFC 1459 8.10)
   */
  readonly burst?: number | undefined;
  /** Milliseconds for one more. @default 2000, as those servers count */
  readonly interval?: number | undefined;
  /** Answers that can wait: few, for who has the next one waits, too, and is told when it takes too long. @default 4 */
  readonly most?: number | undefined;
}

/** Makes a queue: a bucket of tokens, of which each line takes one. */
export function createSendQueue({ write, burst = 4, interval = 2_000, most = 4 }: SendQueueOptions): SendQueue {
  const lines = { own: [] as string[], answer: [] as string[], news: [] as string[] };
  let tokens = burst;
  let filled = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let finished: (() => void) | undefined;

  const count = () => lines.own.length + lines.answer.length + lines.news.length;
  const fill = () => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + (now - filled) / interval);
    filled = now;
  };
  const take = (line: string) => {
    // A server that asks without end owes us no silence without end.
    tokens = Math.max(-burst, tokens - 1);
    write(line);
  };
  const sendNext = () => {
    timer = undefined;
    fill();
    while (tokens >= ENOUGH) {
      const line = lines.own.shift() ?? lines.answer.shift() ?? lines.news.shift();
      if (line === undefined) break;
      take(line);
    }
    if (count() === 0) finished?.();
    else timer ??= setTimeout(sendNext, Math.ceil((1 - tokens) * interval));
  };

  return {
    send(urgency, line) {
      fill();
      if (urgency === "now") {
        take(line);
        return true;
      }
      if (lines[urgency].length >= (urgency === "answer" ? most : MANY)) return false;
      lines[urgency].push(line);
      if (timer === undefined) sendNext();
      return true;
    },
    finish(done) {
      [lines.own, lines.news] = [[], []];
      finished = done;
      if (count() === 0) done();
    },
    clear() {
      clearTimeout(timer);
      [timer, finished] = [undefined, undefined];
      [lines.own, lines.answer, lines.news] = [[], [], []];
    },
    get waiting() {
      return count();
    },
  };
}

/** Of all else. */
const MANY = 200;
/** One token, but for what is lost in reckoning. */
const ENOUGH = 1 - 1e-6;
