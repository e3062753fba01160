import type { Respond } from "./http-reply.js";

/** What answers requests over HTTP, made of options. */
export interface Responder {
  readonly respond: Respond;
  /** Ends the streams that are under way; whoever asks again opens others. */
  close(): void;
  /** Hears of what no framework does. Never throws. */
  readonly onError: (error: unknown) => void;
}
