import type { Service } from "../../service/service.js";
import type { Answers } from "./answers.js";
import type { ApplicationDescription } from "./description.js";
import type { Audience, ResolvedOptions } from "./options.js";
import { socketsOf } from "./places.js";

/** What an application has once, however often it is built anew. */
export interface Fixtures extends ResolvedOptions {
  readonly answers: Answers;
  /** From then on there are answers. */
  readonly beginning: Service;
  /** How long answers may take when it stops, in milliseconds. */
  readonly drain: number;
}

/** What surfaces hear of: only what somebody wants to know, for each query costs. */
export function toAudience(
  { log, metrics }: ApplicationDescription,
  { audit, tally, sockets }: Fixtures,
): Partial<Audience> {
  const isCounted = metrics !== undefined || socketsOf("metrics", sockets).length > 0;
  const listeners = [...(log?.audit ? [audit] : []), ...(isCounted ? [tally] : [])];
  const [first, second] = listeners;
  if (second === undefined) return first ?? {};
  return {
    query(event) {
      for (const { query } of listeners) query(event);
    },
    set(event) {
      for (const { set } of listeners) set(event);
    },
  };
}
