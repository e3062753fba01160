import { FingerError, type FingerErrorCode } from "finger-protocol";
import type { NewsElsewhere, ServerNews } from "./siblings.js";

/** What a worker tells the primary. */
export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly fault: Fault }
  | { readonly kind: "news"; readonly news: ServerNews };

/** What the primary tells a worker. */
export type FromPrimary =
  | { readonly kind: "stop" }
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals }
  | { readonly kind: "news"; readonly news: NewsElsewhere };

/** An error as a message: what programs match on, and what people read. */
export interface Fault {
  readonly code: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: Fault | undefined;
}

/** Puts a message under a name of ours: the program may send its own over the same channel. */
export function wrap<T extends FromWorker | FromPrimary>(message: T): { readonly fingerWorkers: T } {
  return { fingerWorkers: message };
}

/** Gives the message of ours; `undefined` for one of somebody else's. */
export function unwrap<T extends FromWorker | FromPrimary>(message: unknown): T | undefined {
  return (message as { readonly fingerWorkers?: T } | null | undefined)?.fingerWorkers;
}

export function toFault(error: unknown): Fault {
  if (!(error instanceof Error)) return { code: undefined, message: String(error), stack: undefined, cause: undefined };
  // The code of what ends a DOM operation is a number.
  const { code, message, stack, cause } = error as NodeJS.ErrnoException & { readonly code?: unknown };
  return {
    code: typeof code === "string" ? code : undefined,
    message,
    stack,
    cause: cause instanceof Error ? toFault(cause) : undefined,
  };
}

/** The error of a worker as the primary's own; one that is not of this library becomes the cause of one that is. */
export function toError(fault: Fault): FingerError {
  const { code, message, cause } = fault;
  if (!code?.startsWith("ERR_FINGER_")) {
    return new FingerError("ERR_FINGER_LISTEN", `A worker failed: ${message}`, { cause: toCause(fault) });
  }
  const options = cause === undefined ? {} : { cause: toCause(cause) };
  return new FingerError(code as FingerErrorCode, message, options);
}

function toCause({ code, message, stack }: Fault): Error {
  return Object.assign(new Error(message), { stack }, code === undefined ? {} : { code });
}
