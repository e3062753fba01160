import { FingerError } from "finger-protocol";
import type { Wire } from "../exchange/conversation.js";
import { OpenExchanges } from "../exchange/open-exchanges.js";
import type { StreamPair } from "../exchange/streams.js";
import { isIn, parseNetwork } from "../network.js";
import { type LookupFunction, type LookupProvider, type Peer, toProvider } from "../provider.js";
import { createAudit, toLogText } from "../server/audit.js";
import { type ResolvedLimits, resolveLimits } from "../server/limits.js";
import { PeerAccounts, type Siblings } from "../server/peer-accounts.js";
import type { Listening, ListenOptions, NodeDuplex, Runtime } from "../server/runtime.js";
import { createSurface, type Surface, type SurfaceRules } from "../server/surface.js";
import type { StatusStore, StoredStatus } from "../store/status-store.js";
import { toSafe, warn } from "../warn.js";
import { type Authenticate, createGate, isLocal } from "./policy.js";
import { createDeeds, type Deed, type Deeds, SET_CHANNEL, type SetEvent, toError } from "./set.js";
import { type Claim, type DeleteRequest, measure, type SetRequest } from "./set-request.js";
import { type ResolvedSetterLimits, resolveSetterLimits, type SetterLimits } from "./setter-limits.js";
import { SettingExchange, type SettingRules } from "./setting-exchange.js";

/** What a setter is made of. Only the store is required. */
export interface SetterOptions {
  /** Where statuses are kept. */
  readonly store: StatusStore;
  /**
   * Tells who may set which status, such as `byToken(tokens)`. Peers on other machines are not let in without it, nor
   * without a token. @default everybody on this machine, any status, without a token
   */
  readonly authenticate?: Authenticate | undefined;
  /**
   * Who there is, as for {@link storeProvider}: no status is set for anybody else. @default everybody whom somebody may set
   * one for
   */
  readonly accounts?: LookupProvider | LookupFunction | undefined;
  /**
   * The networks that peers may come from, such as `["127.0.0.0/8", "10.0.0.0/8"]`; Unix sockets always may. Others get no
   * byte. @default all
   */
  readonly networks?: readonly string[] | undefined;
  /** Bounds on bytes, time, connections, statuses and wrong tokens. */
  readonly limits?: SetterLimits | undefined;
  /** Hears what became of each status that was sent, when its connection is closed. */
  readonly onSet?: ((event: SetEvent) => void) | undefined;
  /** Keeps logins and addresses out of the events: they tell how it ended, and from which network. @default false */
  readonly redactEvents?: boolean | undefined;
  /** Hears of whatever goes wrong; the peer hears what it can do about it. @default a warning of the process */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * A server that sets statuses, by the protocol of Twisted's tutorial, chapter 14, made safe. The peer sends a login, or a
 * login, a blank and a token, on the first line; the status on the lines behind it; and the end of its side. What then
 * comes back is `OK`, when the status is stored, or a line that says why it is not.
 */
export interface Setter extends Surface {
  /**
   * Serves one connection that somebody else opened, as {@link FingerServer.handle} does.
   *
   * @param peer - The other end; one whose address is `undefined` is on this machine. @default the remote address of a
   * socket, and for all else somebody from elsewhere
   */
  handle(connection: StreamPair | NodeDuplex, peer?: Peer): Promise<void>;
  /**
   * Listens on port 1079 of `127.0.0.1`, unless told otherwise, as {@link FingerServer.listen} does.
   *
   * @throws `FingerError` `ERR_FINGER_LISTEN`; also for an address that other machines reach, without `authenticate`.
   */
  listen(options?: ListenOptions): Promise<Listening>;
  /**
   * Sets a status for a peer that came by other ways, under all rules of the setter.
   *
   * @param peer - Who asks; one whose address is `undefined` is on this machine.
   * @throws `FingerError`: `ERR_FINGER_INVALID` when it can be no status, `ERR_FINGER_DENIED` when the peer may not,
   * `ERR_FINGER_LIMITED` when it sets or guesses too often; `ERR_FINGER_CONFLICT` when `ifRev` is not there any more;
   * `ERR_FINGER_STORE` when it is not stored, `ERR_FINGER_IO` or `ERR_FINGER_TIMEOUT` when nobody knows; and what
   * `authenticate` throws.
   */
  set(request: SetRequest, peer: Peer): Promise<StoredStatus>;
  /**
   * Deletes a status, with its history, under the same rules. Resolves to whether there was one.
   *
   * @param peer - Who asks; one whose address is `undefined` is on this machine.
   * @throws as `set` does.
   */
  delete(request: DeleteRequest, peer: Peer): Promise<boolean>;
  /**
   * Sets by other options from now on, as {@link FingerServer.update} does. Ports that are open stay open, also those that
   * could not be opened under the new options.
   *
   * @throws as {@link createSetter} does; then nothing has changed.
   */
  update(options: SetterOptions): void;
}

/** Makes a setter out of its options and of what the runtime has, which may be siblings that share its limits. */
export function createSetterOn(options: SetterOptions, runtime: Runtime, siblings?: Siblings): Setter {
  const first = resolveSetterLimits(options.limits);
  const common = toCommonLimits(first, siblings);
  const budgets = new PeerAccounts(common, siblings);
  const guesses = new PeerAccounts({ rate: first.failures }, siblings);
  const open = new OpenExchanges(common, budgets);
  const build = (given: SetterOptions): Build => {
    const { store, authenticate, onSet: listener, redactEvents: redacted = false } = given;
    const onError = toSafe(given.onError ?? warn);
    const limits = resolveSetterLimits(given.limits);
    const admit = createGate(authenticate, guesses);
    const audit = createAudit({ channel: SET_CHANNEL, listener, redacted, redact: redactLogin }, onError);
    const users = given.accounts === undefined ? undefined : toProvider(given.accounts);
    const deeds = createDeeds({ store, limits, budgets, admit, users, onError });
    const rules: SettingRules = { limits, audit, open, set: deeds.set };
    const converse = (wire: Wire, peer: Peer) => new SettingExchange(wire, peer, rules);
    const shared = toCommonLimits(limits, siblings);
    const accept = toAccept(given.networks);
    const { failures } = limits;
    return {
      converse,
      open,
      limits: shared,
      accept,
      onError,
      stranger: STRANGER,
      rules,
      deeds,
      failures,
      authenticate,
    };
  };
  let now = build(options);
  const surface = createSurface(() => now, runtime);

  /** Does what was asked for by other ways, and tells of it. */
  const act = async <Request extends Claim, T>(deed: Deed<Request, T>, request: Request, peer: Peer, bytes: number) => {
    const at = new Date();
    const { audit } = now.rules;
    const verdict = await deed(request, peer);
    if (audit.isHeard()) {
      const { outcome } = verdict;
      const login = toLogText(String(request.login));
      audit.tell({ at, peer, login, outcome, bytes, duration: Date.now() - at.getTime() });
    }
    if (!("done" in verdict)) throw toError(verdict);
    return verdict.done as T;
  };

  return {
    ...surface,
    update(other) {
      now = build(other);
      budgets.setRate(now.limits.rate);
      guesses.setRate(now.failures);
      open.setLimits(now.limits);
    },
    async listen(where = {}) {
      if (now.authenticate === undefined && !staysHere(where)) throw unauthenticated(where);
      return surface.listen({ ...where, port: where.port ?? SETTER_PORT });
    },
    set: (request, peer) => act(now.deeds.set, request, peer, measure(String(request.text))),
    delete: (request, peer) => act(now.deeds.delete, request, peer, 0),
  };
}

/** What came of one set of options. */
interface Build extends SurfaceRules {
  readonly rules: SettingRules;
  readonly deeds: Deeds;
  readonly failures: number;
  readonly authenticate: Authenticate | undefined;
}

/** Those of the limits that are of every surface, by their names there. */
function toCommonLimits(limits: ResolvedSetterLimits, siblings: Siblings | undefined): ResolvedLimits {
  const { time: queryTime, storeTime: lookupTime, idle, connections, perPeer, rate } = limits;
  return resolveLimits({ queryTime, lookupTime, idle, connections, perPeer, rate }, siblings?.count);
}

/** Whom nothing is known of must not pass for somebody on this machine. */
const STRANGER: Peer = { address: "", port: undefined };

/** The port of the tutorial. */
const SETTER_PORT = 1079;

function redactLogin(event: SetEvent): SetEvent {
  return { ...event, login: "" };
}

/** @throws `RangeError` for what is no network. */
function toAccept(texts: readonly string[] | undefined): ((peer: Peer) => boolean) | undefined {
  if (texts === undefined) return undefined;
  const networks = texts.map(parseNetwork);
  return ({ address }) => address === undefined || networks.some((network) => isIn(address, network));
}

/** What systemd passes may be anything; what its peers may do shows when they come. */
function staysHere({ host = "127.0.0.1", path, fd }: ListenOptions): boolean {
  return path !== undefined || fd !== undefined || host === "localhost" || isLocal({ address: host, port: undefined });
}

function unauthenticated({ host }: ListenOptions): FingerError {
  const what = `Cannot let other machines set statuses on ${host}: say who may, with the option authenticate`;
  return new FingerError("ERR_FINGER_LISTEN", `${what}, or listen on 127.0.0.1.`);
}
