import { isLoopback, toPeerKey } from "../network.js";
import type { Peer } from "../provider.js";
import type { PeerAccounts } from "../server/peer-accounts.js";
import { createTurns } from "../turns.js";
import type { Claim } from "./set-request.js";

/**
 * Tells whether a peer may set the status of a login.
 *
 * @param token - What the peer gave to prove it; `undefined` when nothing, and then the peer is on this machine. Whom the carrier
 * knows by `peer.login` sets that status, and this is not asked.
 */
export type Authenticate = (login: string, token: string | undefined, peer: Peer) => boolean | Promise<boolean>;

/** Whether the peer is on this machine: it came by a loopback address, or by no address, as on a Unix socket. */
export function isLocal({ address }: Peer): boolean {
  return address === undefined || isLoopback(address);
}

/** Why somebody is not heard. */
export interface Refusal {
  readonly outcome: "denied" | "limited";
  /** A part of a sentence for the peer. */
  readonly why: string;
}

/** Resolves to why a peer may not set or delete a status; to nothing when it may. */
export type Admit = (claim: Claim, peer: Peer) => Promise<Refusal | undefined>;

/**
 * Makes the gate that each setting and each deletion has to pass: whose it may be, and how often one may guess.
 *
 * @param guesses - Pays for wrong tokens. Each peer has an account for each login, so that nobody locks out others.
 */
export function createGate(authenticate: Authenticate | undefined, guesses: PeerAccounts): Admit {
  const isAllowed = async ({ login, token }: Claim, peer: Peer) => {
    if (peer.login !== undefined) return peer.login === login;
    if (authenticate !== undefined) return (await authenticate(login, token, peer)) === true;
    return token === undefined;
  };
  const turns = createTurns();
  /** One guess after the other, so that none comes in while another is looked at. */
  const hasToken = (request: Claim, peer: Peer) => {
    const guesser = toGuesser(request, peer);
    return turns(guesser, async () => {
      if (!guesses.canPay(guesser)) return TOO_MANY_GUESSES;
      if (await isAllowed(request, peer)) return undefined;
      guesses.pay(guesser);
      return denied(toReason(request, peer));
    });
  };
  return async (request, peer) => {
    if (request.token !== undefined) return hasToken(request, peer);
    if (peer.login === undefined && !isLocal(peer)) return denied("from another machine it takes a token");
    return (await isAllowed(request, peer)) ? undefined : denied(toReason(request, peer));
  };
}

const TOO_MANY_GUESSES: Refusal = {
  outcome: "limited",
  why: "too many attempts; please try again in a minute",
};

function denied(why: string): Refusal {
  return { outcome: "denied", why };
}

/** Who guesses the token of whom: what an account is kept for. */
function toGuesser({ login }: Claim, { address }: Peer): string {
  return `${toPeerKey(address) ?? "here"} ${login}`;
}

/** The same for a wrong token and for a login that has none: who guesses learns nothing. */
function toReason({ login, token }: Claim, peer: Peer): string {
  if (peer.login !== undefined) return `this is the socket of ${peer.login}`;
  return token === undefined ? `it takes the token of ${login}` : `that is not the token of ${login}`;
}
