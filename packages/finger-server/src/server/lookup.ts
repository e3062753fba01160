import { FingerError } from "finger-protocol";
import { nobodyWaits } from "../nobody-waits.js";
import type { LookupContext, Peer } from "../provider.js";

/**
 * One question on its way to its answer. Its `signal` is made when a provider first looks at it: most never do, and an
 * AbortController a connection costs half of the time of a query.
 */
export class Lookup implements LookupContext {
  readonly verbose: boolean;
  readonly peer: Peer;
  /** Called when the lookup is given up, once. */
  onGivenUp: ((why: FingerError) => void) | undefined;
  private controller: AbortController | undefined;
  private givenUp: FingerError | undefined;

  constructor(verbose: boolean, peer: Peer) {
    this.verbose = verbose;
    this.peer = peer;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.givenUp !== undefined) this.controller.abort(this.givenUp);
    }
    return this.controller.signal;
  }

  /** Whether nobody waits for the answer any more. */
  get isGivenUp(): boolean {
    return this.givenUp !== undefined;
  }

  /** Whether that is because the peer has gone, which is no fault of the provider's. */
  get hasLeft(): boolean {
    return this.givenUp?.code === "ERR_FINGER_ABORTED";
  }

  /** Tells the provider that nobody waits any more; the first reason counts. */
  giveUp(why: FingerError): void {
    if (this.givenUp !== undefined) return;
    this.givenUp = why;
    this.controller?.abort(why);
    this.onGivenUp?.(why);
  }

  /** The time that the provider had is over. */
  expire(ms: number): void {
    const advice = "see the limit lookupTime";
    this.giveUp(new FingerError("ERR_FINGER_TIMEOUT", `The provider did not answer within ${ms} ms; ${advice}.`));
  }

  /** The peer has gone, or the server is closing. */
  leave(): void {
    this.giveUp(nobodyWaits());
  }
}
