import {
  decodeReply,
  type FingerError,
  type FingerTarget,
  type FingerUser,
  parseReply,
  sanitize,
} from "finger-protocol";
import type { Dial, RemoteAddress } from "./connection/dial.js";
import type { RawReply, Timing } from "./connection/lookup.js";
import { type FingerOptions, resolveOptions } from "./options.js";
import { send, toRequest } from "./request.js";
import { toWay } from "./way.js";

/** What came back. */
export interface FingerReply {
  /** The reply as text that is safe to show: decoded, sanitised, its lines ended by LF. */
  readonly text: string;
  /** The users that the reply speaks of; none when it is in no known shape. */
  readonly users: readonly FingerUser[];
  /** The reply as it came. */
  readonly bytes: Uint8Array;
  /** It is not the whole reply: there was more than `maxBytes`, or `error` happened before its end. */
  readonly truncated: boolean;
  /** Why the reply is not whole: `ERR_FINGER_IO` or `ERR_FINGER_TIMEOUT`. */
  readonly error: FingerError | undefined;
  /** The address that answered; `undefined` when only a proxy, or the option `connect`, knows it. */
  readonly address: RemoteAddress | undefined;
  /** What took how long. */
  readonly timing: Timing;
}

/** Asks a server over `dial`, and reads the whole reply. */
export async function lookUp(
  target: string | FingerTarget,
  options: FingerOptions | undefined,
  dial: Dial,
): Promise<FingerReply> {
  const resolved = resolveOptions(options);
  const request = toRequest(target, resolved);
  return toReply(await send(request, resolved, toWay(request, resolved, dial)).whole());
}

/** Who wants the text alone does not pay for the users. */
function toReply({ bytes, truncated, error, address, timing }: RawReply): FingerReply {
  const decoded = decodeReply(bytes);
  let users: readonly FingerUser[] | undefined;
  return {
    text: sanitize(decoded),
    get users() {
      users ??= parseReply(decoded);
      return users;
    },
    bytes,
    truncated,
    error,
    address,
    timing,
  };
}
