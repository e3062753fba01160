import type { Service } from "../../service/service.js";
import type { Authenticate } from "../../setter/policy.js";
import type { Setter } from "../../setter/setter.js";
import type { StatusStore } from "../../store/status-store.js";
import type { Answers } from "./answers.js";
import type { ApplicationDescription } from "./description.js";
import type { Audience, ResolvedOptions } from "./options.js";
import { toSinglePlace } from "./places.js";

/** What an application has once, however often it is built anew. */
export interface Fixtures extends ResolvedOptions {
  readonly answers: Answers;
  /** From then on there are answers. */
  readonly beginning: Service;
  /** Where statuses are, and who may set them, by the description of the moment. */
  readonly setting: Setting;
  /** The setter, once there was one. */
  setter: Setter | undefined;
  readonly isRunning: () => boolean;
  /** How long answers may take when it stops, in milliseconds. */
  readonly drain: number;
}

/** What a setter and pages ask for when a status has come, or is read, which may be long after that began. */
export interface Setting {
  store: StatusStore | undefined;
  isAllowed: Authenticate;
}

/** What surfaces hear of: only what somebody wants to know, for each query costs. */
export function toAudience(
  { log, metrics }: ApplicationDescription,
  { audit, tally, sockets }: Fixtures,
): Partial<Audience> {
  const isCounted = toSinglePlace("metrics", metrics, sockets) !== undefined;
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
