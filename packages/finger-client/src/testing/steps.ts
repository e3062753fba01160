import { LONGEST_TIME } from "../connection/clock.js";

/** What a server does next: it sends a text (as UTF-8) or bytes, waits, or resets the connection. */
export type Step = string | Uint8Array | Pause | Reset;

/** What a query is answered with: one step or several. The end of them is the end of the reply, the server's FIN. */
export type Reply = Step | Iterable<Step> | AsyncIterable<Step>;

/** Says nothing for a while. */
export interface Pause {
  /** How long, in milliseconds; `Infinity` is as long as the connection lasts. */
  readonly pause: number;
}

/** Breaks the connection. */
export interface Reset {
  readonly reset: true;
}

/**
 * The step that says nothing for a while. It is timed by `setTimeout`, so the fake clock of a test moves it.
 *
 * @throws `RangeError` when `ms` is no number that a timer can wait, and not `Infinity`.
 *
 * @example
 * ```ts
 * import { createScriptedServer, pause } from "finger-client/testing";
 *
 * const server = await createScriptedServer({ build: ["Compil", pause(20), "ed.\r\n"] });
 * const { text } = await finger(server.target("build"));
 * text; // "Compiled.\n"
 * await server.close();
 * ```
 */
export function pause(ms: number): Pause {
  if (!isDelay(ms)) {
    throw new RangeError(`A pause must be from 0 to ${LONGEST_TIME} milliseconds, or Infinity, but is ${String(ms)}.`);
  }
  return { pause: ms };
}

/**
 * The step that resets the connection (RST) where its end would be. It comes 20 ms behind what was sent, for the client to
 * have read that: a reset discards what the client had no room for yet. Behind much text, put a `pause` that is longer.
 *
 * @example
 * ```ts
 * import { createScriptedServer, RESET } from "finger-client/testing";
 *
 * const server = await createScriptedServer({ alice: ["Login: ali", RESET], bob: RESET });
 * await finger(server.target("bob")).catch((error) => error.code); // "ERR_FINGER_IO"
 * await server.close();
 * ```
 */
export const RESET: Reset = Object.freeze({ reset: true });

/**
 * The step that never ends: the server says no more, and the connection stays open until the client breaks it, or the
 * server is closed.
 *
 * @example
 * ```ts
 * import { createScriptedServer, HANG } from "finger-client/testing";
 *
 * const server = await createScriptedServer({ alice: HANG, bob: ["Login: bo", HANG] });
 * await finger(server.target("alice"), { timeout: 20 }).catch((error) => error.code); // "ERR_FINGER_TIMEOUT"
 * await server.close();
 * ```
 */
export const HANG: Pause = Object.freeze({ pause: Number.POSITIVE_INFINITY });

/** Tells a step that sends something. */
export function isPiece(step: unknown): step is string | Uint8Array {
  return typeof step === "string" || step instanceof Uint8Array;
}

export function isPause(step: unknown): step is Pause {
  return typeof step === "object" && step !== null && "pause" in step && isDelay(step.pause);
}

export function isReset(step: unknown): step is Reset {
  return typeof step === "object" && step !== null && "reset" in step && step.reset === true;
}

function isDelay(ms: unknown): boolean {
  return typeof ms === "number" && ms >= 0 && (ms <= LONGEST_TIME || ms === Number.POSITIVE_INFINITY);
}
