import { FingerError } from "finger-protocol";
import type { LookupContext, Peer } from "finger-server";
import type { HttpRequest } from "../http/http-request.js";
import type { Deadlines } from "../limits/deadlines.js";

/** Who asks: what of a request matters. */
type Asker = Pick<HttpRequest, "peer" | "signal">;

/**
 * Asks a provider for a peer, and waits no longer than there is time.
 *
 * The signal that the provider gets is made when it first looks at it: most never do. It outlasts the answer, which may be a
 * stream, and is aborted when the peer goes.
 *
 * @param leave - Is given what came too late.
 * @throws `FingerError` `ERR_FINGER_TIMEOUT`, and what the provider rejects with.
 */
export function lookUp<T>(
  request: Asker,
  deadlines: Deadlines,
  ask: (context: LookupContext) => T | Promise<T>,
  leave: (late: T) => void = () => {},
): Promise<T> {
  const context = new Lookup(request);
  return new Promise<T>((resolve, reject) => {
    const end = deadlines.begin(() => {
      const late = new FingerError("ERR_FINGER_TIMEOUT", `The provider did not answer within ${deadlines.ms} ms.`);
      reject(late);
      context.giveUp(late);
    });
    // The async function makes a rejection of what is thrown at once.
    (async () => ask(context))()
      .then((answer) => (context.isGivenUp ? leave(answer) : resolve(answer)), reject)
      .finally(end);
  });
}

class Lookup implements LookupContext {
  readonly verbose = true;
  readonly #request: Asker;
  #controller: AbortController | undefined;
  #givenUp: FingerError | undefined;

  constructor(request: Asker) {
    this.#request = request;
  }

  get peer(): Peer {
    return this.#request.peer;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      const { signal } = this.#request;
      const leave = () =>
        controller.abort(new FingerError("ERR_FINGER_ABORTED", "Nobody waits for the answer any more."));
      signal.addEventListener("abort", leave, { once: true });
      if (signal.aborted) leave();
      if (this.#givenUp !== undefined) controller.abort(this.#givenUp);
      this.#controller = controller;
    }
    return this.#controller.signal;
  }

  get isGivenUp(): boolean {
    return this.#givenUp !== undefined;
  }

  giveUp(why: FingerError): void {
    this.#givenUp = why;
    this.#controller?.abort(why);
  }
}
