import type { FingerTarget } from "finger-protocol";
import { type FingerReply, lookUp } from "../finger.js";
import { streamText } from "../finger-stream.js";
import type { FingerOptions, FingerStreamOptions } from "../options.js";
import { putStatus, type SetStatusOptions } from "../set-status.js";
import { dial } from "./dial.js";

/**
 * Asks a finger server. A target without a host asks `localhost`.
 *
 * @param target - What `parseTarget` of finger-protocol reads, such as `alice@host`, or what it returns.
 * @throws `FingerError` when something goes wrong before the first byte of the reply: `ERR_FINGER_TARGET`, `ERR_FINGER_QUERY`, `ERR_FINGER_RESOLVE`,
 * `ERR_FINGER_CONNECT`, `ERR_FINGER_TLS`, `ERR_FINGER_PROXY`, `ERR_FINGER_TIMEOUT`, `ERR_FINGER_IO`, `ERR_FINGER_DENIED`; and
 * `ERR_FINGER_ABORTED`. `RangeError` or `TypeError` for a wrong option.
 *
 * @example
 * ```ts
 * const { text, users } = await finger("alice@plan.example", { verbose: "auto" });
 * ```
 */
export function finger(target: string | FingerTarget, options?: FingerOptions): Promise<FingerReply> {
  return lookUp(target, options, dial);
}

/**
 * Asks a finger server, and gives the text of its reply as it comes, for hours if need be: a build log, say. The server is
 * read no faster than the text is taken. To leave the loop closes the connection.
 *
 * The text is safe to show: it is decoded and sanitised, and a line is given when it is whole, or 64 Ki characters long.
 *
 * @param target - What `parseTarget` of finger-protocol reads, such as `alice@host`, or what it returns. One without a host
 * asks `localhost`.
 * @throws `FingerError`, `RangeError` and `TypeError` as `finger` does, out of the loop. When the connection breaks in the
 * middle of a line, the text before that is given, and then it is `ERR_FINGER_IO`.
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
  return streamText(target, options, dial);
}

/**
 * Says what somebody is doing: writes a status through the setter of a finger-server, on port 1079 unless told otherwise.
 * Resolves when it is stored.
 *
 * @param target - Whose status: a login, or `login@host[:port]`; a login alone is one of `localhost`.
 * @param status - The status, of one line or several; an empty one takes it back.
 * @throws `FingerError` `ERR_FINGER_REFUSED` when the setter refuses, with its words; `ERR_FINGER_TARGET` for a target that
 * is no login; `ERR_FINGER_DENIED` for a token that would cross a network in the clear; and as `finger` does.
 *
 * @example
 * ```ts
 * await setStatus("alice@plan.example", "Back at 15:00", { token: "…", tls: true });
 * ```
 */
export function setStatus(target: string, status: string, options?: SetStatusOptions): Promise<void> {
  return putStatus(target, status, options, dial);
}
