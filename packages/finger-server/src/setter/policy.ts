import { isLoopback, toPeerKey } from "../network.js";
import type { Peer } from "../provider.js";
import type { PeerAccounts } from "../server/peer-accounts.js";
import { createTurns } from "../turns.js";
import type { SetRequest } from "./set-request.js";

/**
 * Tells whether a peer may set the status of a login.
 *
 * @param token - What the peer gave to prove it; `undefined` when nothing, and then the peer is on this machine.
 */
export type Authenticate = (login: string, token: string | undefined, peer: Peer) => boolean | Promise<boolean>;

/** Whether the peer is on this machine: it came by a loopback address, or by no address, as on a Unix socket. */
export function isLocal({ address }: Peer): boolean {
  return address === undefined || isLoopback(address);
}

/** Resolves to why a peer may not set a status, as a part of a sentence for the peer; to nothing when it may. */
export type Admit = (request: SetRequest, peer: Peer) => Promise<string | undefined>;

/**
 * Makes the gate that each setting has to pass: whose it may be, and how often one may guess.
 *
 * @param guesses - Pays for wrong tokens. Each peer has an account for each login, so that nobody locks out others.
 */
export function createGate(authenticate: Authenticate | undefined, guesses: PeerAccounts): Admit {
  const isAllowed = async ({ login, token }: SetRequest, peer: Peer) => {
    if (peer.login !== undefined) return peer.login === login;
    if (authenticate !== undefined) return (await authenticate(login, token, peer)) === true;
    return token === undefined;
  };
  const turns = createTurns();
  /** One guess after the other, so that none comes in while another is looked at. */
  const hasToken = (request: SetRequest, peer: Peer) => {
    const guesser = toGuesser(request, peer);
    return turns(guesser, async () => {
      if (!guesses.canPay(guesser)) return "too many attempts; please try again in a minute";
      if (await isAllowed(request, peer)) return undefined;
      guesses.pay(guesser);
      return toReason(request, peer);
    });
  };
  return async (request, peer) => {
    if (request.token !== undefined) return hasToken(request, peer);
    if (!isLocal(peer)) return "from another machine it takes a token";
    return (await isAllowed(request, peer)) ? undefined : toReason(request, peer);
  };
}

/** Who guesses the token of whom: what an account is kept for. */
function toGuesser({ login }: SetRequest, { address }: Peer): string {
  return `${toPeerKey(address) ?? "here"} ${login}`;
}

/** The same for a wrong token and for a login that has none: who guesses learns nothing. */
function toReason({ login, token }: SetRequest, peer: Peer): string {
  if (peer.login !== undefined) return `this is the socket of ${peer.login}`;
  return token === undefined ? `it takes the token of ${login}` : `that is not the token of ${login}`;
}
