import { isLoopback, toPeerKey } from "../network.js";
import type { Peer } from "../provider.js";
import type { PeerAccounts } from "../server/peer-accounts.js";
import type { Setting } from "./setting.js";

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
export type Admit = (setting: Setting, peer: Peer) => Promise<string | undefined>;

/**
 * Makes the gate that each setting has to pass: whose it may be, and how often one may guess.
 *
 * @param guesses - Pays for wrong tokens. Each peer has an account for each login, so that nobody locks out others.
 */
export function createGate(authenticate: Authenticate | undefined, guesses: PeerAccounts): Admit {
  const isAllowed = async ({ login, token }: Setting, peer: Peer) => {
    if (peer.login !== undefined) return peer.login === login;
    if (authenticate !== undefined) return (await authenticate(login, token, peer)) === true;
    return token === undefined;
  };
  return async (setting, peer) => {
    if (setting.token === undefined && !isLocal(peer)) return "from another machine it takes a token";
    const guesser = toGuesser(setting, peer);
    if (setting.token !== undefined && !guesses.canPay(guesser))
      return "too many attempts; please try again in a minute";
    if (await isAllowed(setting, peer)) return undefined;
    if (setting.token !== undefined) guesses.payQuery(guesser);
    return toReason(setting, peer);
  };
}

/** Who guesses the token of whom, as one that has an account. */
function toGuesser({ login }: Setting, { address }: Peer): Peer {
  const key = `${toPeerKey(address) ?? ""} ${login}`;
  // With colons it would be taken for an IPv6 address.
  return { address: key.replaceAll(":", "."), port: undefined };
}

/** The same for a wrong token and for a login that has none: who guesses learns nothing. */
function toReason({ login, token }: Setting, peer: Peer): string {
  if (peer.login !== undefined) return `this is the socket of ${peer.login}`;
  return token === undefined ? `it takes the token of ${login}` : `that is not the token of ${login}`;
}
