import type { Caller, Connection, DialRules, Place } from "../connection/dial.js";
import { dialLater } from "../connection/dial-later.js";
import { dialTcp } from "./tcp.js";

/** Dials over TCP, over TLS or through a proxy; what the last two need is loaded when it is. */
export function dial(text: string, place: Place, rules: DialRules, caller: Caller): Connection {
  if (rules.tls === undefined && rules.proxy === undefined) return dialTcp(text, place, rules, caller);
  return dialLater(caller, async () => {
    const { dialStream } = await import("./stream.js");
    return () => dialStream(text, place, rules, caller);
  });
}
