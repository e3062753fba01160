import { type FingerTarget, ReplyDecoder } from "finger-protocol";
import type { Dial } from "./connection/dial.js";
import type { Lookup } from "./connection/lookup.js";
import { LineSanitizer } from "./line-sanitizer.js";
import { type FingerStreamOptions, resolveStreamOptions } from "./options.js";
import { send, toRequest } from "./request.js";
import { toWay } from "./way.js";

/** Asks a server over `dial`, and gives the text of its reply as it comes. */
export function streamText(
  target: string | FingerTarget,
  options: FingerStreamOptions | undefined,
  dial: Dial,
): AsyncGenerator<string, void, undefined> {
  const reply: ReplyUnderWay = { isLeft: false, lookup: undefined };
  const texts = readTexts(target, options, dial, reply);
  const finish = texts.return.bind(texts);
  // A generator hears of return() when its read under way is over, and that may take hours.
  texts.return = (value) => {
    reply.isLeft = true;
    reply.lookup?.close();
    return finish(value);
  };
  return texts;
}

/** What can be left while it is read, and even before it is asked for. */
interface ReplyUnderWay {
  isLeft: boolean;
  lookup: Lookup | undefined;
}

async function* readTexts(
  target: string | FingerTarget,
  options: FingerStreamOptions | undefined,
  dial: Dial,
  reply: ReplyUnderWay,
): AsyncGenerator<string, void, undefined> {
  const resolved = resolveStreamOptions(options);
  const decoder = new ReplyDecoder();
  const sanitizer = resolved.raw ? UNCHANGED : new LineSanitizer();
  const request = toRequest(target, resolved);
  const lookup = send(request, resolved, toWay(request, resolved, dial));
  reply.lookup = lookup;
  if (reply.isLeft) lookup.close();
  let failure: { readonly error: unknown } | undefined;
  try {
    for (let bytes = await lookup.read(); bytes !== undefined; bytes = await lookup.read()) {
      const text = sanitizer.push(decoder.push(bytes));
      if (text !== "") yield text;
    }
  } catch (error) {
    failure = { error };
  } finally {
    lookup.close();
  }
  const rest = sanitizer.push(decoder.end()) + sanitizer.end();
  if (rest !== "" && !reply.isLeft && !resolved.signal?.aborted) yield rest;
  if (failure !== undefined) throw failure.error;
}

/** For a caller who makes the text safe in a way of their own. */
const UNCHANGED: Pick<LineSanitizer, "push" | "end"> = { push: (text) => text, end: () => "" };
