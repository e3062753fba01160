import { createResponder } from "../create-responder.js";
import type { FingerHandlerOptions } from "../options.js";
import { type NodeHandler, toNodeHandler } from "./to-node-handler.js";

/** Middleware that can be told that the server stops. */
export interface FingerMiddleware extends NodeHandler {
  /** Ends the streams of events that are open, for which the server would wait; whoever asks again opens others. */
  close(): void;
}

/**
 * Answers in Express 5 and 4, in Connect, and as the listener of a server of `node:http` or `node:https`. What it does not know,
 * and what fails, goes to what comes next.
 *
 * @throws `TypeError` or `RangeError` for an option that is wrong.
 *
 * @example
 * ```ts
 * import express from "express";
 * import { finger } from "finger-adapters-http";
 *
 * const app = express();
 * app.use("/finger", finger({ provider: memoryProvider({ alice: "Happy and well" }) }));
 * ```
 */
export function finger(options: FingerHandlerOptions): FingerMiddleware {
  const responder = createResponder(options);
  return Object.assign(toNodeHandler(responder), { close: responder.close });
}
