import type { Peer } from "finger-server";

/** A request over HTTP, as every binding gives it. */
export interface HttpRequest {
  /** In upper case. */
  readonly method: string;
  /** The whole path, percent-encoded as it was sent: `/finger/alice`. */
  readonly path: string;
  /** What stood behind the path, from the `?` on; empty when nothing did. */
  readonly search: string;
  /** What of the path belongs to the app that this is mounted in: `/finger`; empty at the root. */
  readonly mount: string;
  /** The scheme and the host that were asked, as the peer says: `http://localhost:8000`. Nothing that others see is made of it. */
  readonly origin: string | undefined;
  readonly peer: Peer;
  /** Aborted when the peer has gone. It is made when it is first looked at, which most never are. */
  readonly signal: AbortSignal;
  /** @param name - In lower case. */
  header(name: string): string | undefined;
  /**
   * The whole body.
   *
   * @param most - How many bytes it may have.
   * @throws {@link BodyError}
   */
  body(most: number): Promise<string>;
}

/** Why a body cannot be read. */
export class BodyError extends Error {
  override readonly name = "BodyError";
  readonly reason: "too-long" | "too-deep" | "not-utf-8" | "cut-off" | "consumed";

  constructor(reason: BodyError["reason"]) {
    super(`The body of the request cannot be read: ${reason}.`);
    this.reason = reason;
  }
}
