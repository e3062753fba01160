import type { Peer } from "finger-server";
import { createResponder } from "./create-responder.js";
import { toFetchHandler } from "./http/fetch-request.js";
import type { FingerHandlerOptions } from "./options.js";

/** Answers a request of fetch; resolves to `null` when its path is somebody else's. */
export interface FingerHandler {
  /** @param info - Who asks, where that is known: what one peer may take is counted, and some see more than others. */
  (request: Request, info?: { readonly peer?: Peer | undefined }): Promise<Response | null>;
  /** Ends the streams of events that are open, as when the server stops; whoever asks again opens others. */
  close(): void;
}

/**
 * Makes a handler for any runtime that speaks fetch: Hono, Bun, Deno, Workers.
 *
 * It answers `/` with the list of users, `/alice` with a page, JSON or a text, `/alice/feed.atom`, `/events`,
 * `/.well-known/webfinger` and more: the README has them all.
 *
 * @throws `TypeError` or `RangeError` for an option that is wrong.
 *
 * @example
 * ```ts
 * const handle = createFingerHandler({ provider: memoryProvider({ alice: "Happy and well" }), base: "/finger" });
 * const response = await handle(new Request("http://localhost/finger/alice.txt"));
 * await response?.text(); // "Happy and well\n"
 * await handle(new Request("http://localhost/elsewhere")); // null
 * ```
 */
export function createFingerHandler(options: FingerHandlerOptions): FingerHandler {
  const { respond, close } = createResponder(options);
  return Object.assign(toFetchHandler(respond), { close });
}
