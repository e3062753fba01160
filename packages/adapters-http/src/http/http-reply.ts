import type { HttpRequest } from "./http-request.js";

/** What is answered over HTTP, for every binding to send. */
export interface HttpReply {
  readonly status: number;
  /** Names in lower case. With a body of bytes, its length is among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is sent piece by piece, as fast as the peer reads, and is returned when the peer goes. */
  readonly body: Uint8Array | AsyncIterable<string> | undefined;
}

/** Answers a request; `undefined` when its path is somebody else's. */
export type Respond = (request: HttpRequest) => Promise<HttpReply | undefined>;
