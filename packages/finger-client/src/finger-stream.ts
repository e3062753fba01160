import { FINGER_PORT, type FingerTarget, parseTarget, ReplyDecoder } from "finger-protocol";
import { LineSanitizer } from "./line-sanitizer.js";
import type { OpenReply } from "./node/open-reply.js";
import { type FingerStreamOptions, type ResolvedStreamOptions, resolveStreamOptions } from "./options.js";

/**
 * Asks a finger server, and gives the text of its reply as it comes, for hours if need be: a build log, say. The server is
 * read no faster than the text is taken. To leave the loop closes the connection.
 *
 * The text is safe to show: it is decoded and sanitised, and a line is given when it is whole, or 64 Ki characters long.
 *
 * @param target - What `parseTarget` of finger-protocol reads, such as `alice@host`, or what it returns. One without a host
 * asks `localhost`.
 * @throws `FingerError` and `RangeError` as `finger` does, out of the loop. When the connection breaks in the middle of a
 * line, the text before that is given, and then it is `ERR_FINGER_IO`.
 *
 * @example
 * ```ts
 * for await (const text of fingerStream("build-42@zuul.example")) console.log(text);
 * ```
 */
export function fingerStream(
  target: string | FingerTarget,
  options?: FingerStreamOptions,
): AsyncGenerator<string, void, undefined> {
  const connection: Connection = { isLeft: false, reply: undefined };
  const texts = readTexts(target, options, connection);
  const finish = texts.return.bind(texts);
  // A generator hears of return() when its read under way is over, and that may take hours.
  texts.return = (value) => {
    connection.isLeft = true;
    connection.reply?.close();
    return finish(value);
  };
  return texts;
}

/** What can be left while it is read, or even before it is open. */
interface Connection {
  isLeft: boolean;
  reply: OpenReply | undefined;
}

async function* readTexts(
  target: string | FingerTarget,
  options: FingerStreamOptions | undefined,
  connection: Connection,
): AsyncGenerator<string, void, undefined> {
  const resolved = resolveStreamOptions(options);
  const decoder = new ReplyDecoder();
  const sanitizer = resolved.raw ? UNCHANGED : new LineSanitizer();
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const bytes of readBytes(target, resolved, connection)) {
      const text = sanitizer.push(decoder.push(bytes));
      if (text !== "") yield text;
    }
  } catch (error) {
    failure = { error };
  }
  const rest = sanitizer.push(decoder.end()) + sanitizer.end();
  if (rest !== "" && !connection.isLeft) yield rest;
  if (failure !== undefined) throw failure.error;
}

async function* readBytes(
  target: string | FingerTarget,
  options: ResolvedStreamOptions,
  connection: Connection,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reply = await open(target, options, connection);
  let left = options.maxBytes;
  try {
    while (left > 0) {
      const bytes = await reply.read();
      if (bytes === undefined) return;
      yield bytes.subarray(0, left);
      left -= bytes.length;
    }
  } finally {
    reply.close();
  }
}

async function open(
  target: string | FingerTarget,
  options: ResolvedStreamOptions,
  connection: Connection,
): Promise<OpenReply> {
  const { query, host = "localhost", port } = typeof target === "string" ? parseTarget(target) : target;
  const { OpenReply } = await import("./node/open-reply.js");
  const place = { host, port: port === FINGER_PORT ? options.port : port };
  connection.reply = new OpenReply(options.verbose ? { ...query, verbose: true } : query, place, options);
  if (connection.isLeft) connection.reply.close();
  return connection.reply;
}

/** For a caller who makes the text safe in a way of their own. */
const UNCHANGED: Pick<LineSanitizer, "push" | "end"> = { push: (text) => text, end: () => "" };
