import { FingerError } from "finger-protocol";
import type { Peer } from "../provider.js";

/** Tells of a proxy that sent no proper header: which one, and what was wrong. */
export type Complain = (proxy: Peer, what: string) => void;

/**
 * Tells of the first mistake at once, and of those that follow once a second at most: the last of them, and how many more
 * there were. A proxy that is set up wrongly makes one for each of its connections.
 */
export function createComplaints(onError: (error: unknown) => void): Complain {
  let isPausing = false;
  let unheard = 0;
  let last: (more: number) => FingerError;
  const tell = (more: number) => {
    unheard = 0;
    isPausing = true;
    setTimeout(endPause, PAUSE).unref();
    onError(last(more));
  };
  const endPause = () => {
    isPausing = false;
    if (unheard > 0) tell(unheard - 1);
  };
  return (proxy, what) => {
    last = (more) => toError(proxy, what, more);
    if (isPausing) unheard++;
    else tell(0);
  };
}

function toError({ address }: Peer, what: string, more: number): FingerError {
  const who = address === undefined ? "A proxy at the Unix socket" : `The proxy at ${address}`;
  const others = more === 0 ? "" : ` (so did ${more} more connections of proxies)`;
  const remedy = "Have it send one, by send-proxy-v2 in HAProxy, or listen without proxyProtocol.";
  return new FingerError("ERR_FINGER_PROXY", `${who} sent no proper PROXY header: ${what}${others}. ${remedy}`);
}

/** How long nothing is told, in milliseconds. */
const PAUSE = 1000;
