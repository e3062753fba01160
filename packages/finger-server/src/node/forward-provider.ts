import { type FingerStreamOptions, fingerStream } from "finger-client";
import { FingerError, type ForwardQuery, parseQuery, type ValidQuery } from "finger-protocol";
import { normalizeHost } from "../host-names.js";
import type { Answer, LookupContext, LookupProvider } from "../provider.js";
import { within } from "../within.js";
import { type ForwardOptions, type ForwardRules, resolveForwardOptions } from "./forward/options.js";
import { isOwnAddress } from "./forward/own-addresses.js";
import { relay } from "./forward/relay.js";
import { type LookupHost, parseAllowList, resolvePublic } from "./guard.js";

/**
 * Answers names with an `@` by asking the host behind the last of them (RFC 1288 2.4), for the option `forward` of a
 * server: for `alice@h1@h2`, h2 is asked for `alice@h1`, with `/W` when it was asked for. The answer is passed on as it
 * comes, and no faster than the peer reads.
 *
 * Who forwards asks in the name of its own network (3.2.1), so it asks no one but the hosts listed or, without a list,
 * those that are public; only on its port; and connects to the addresses that it has looked at. It does not ask itself: no
 * name of `self`, and no address of this machine, unless `hosts` names it and `port` is not `ownPort`.
 *
 * A lookup resolves when the first text has come, and rejects when none does. To a name without an `@` there is no answer.
 *
 * @throws `TypeError` or `RangeError` for an option that is wrong. A lookup rejects with `FingerError` `ERR_FINGER_DENIED`
 * for a host that is not to be asked, or too many of them; `ERR_FINGER_CONNECT` when `concurrency` hosts are being asked;
 * and what `fingerStream` of finger-client throws.
 *
 * @example
 * ```ts
 * createFingerServer({
 *   provider: memoryProvider({ alice: "Happy and well" }),
 *   forward: forwardProvider({ hosts: ["plan.example", "*.lab.example"] }),
 * });
 * ```
 */
export function forwardProvider(options: ForwardOptions = {}): LookupProvider {
  const resolved = resolveForwardOptions(options);
  let asked = 0;
  /** A look-up cannot be stopped, and goes on behind who has given it up. */
  let lookedUp = 0;
  const lookup: LookupHost = async (host) => {
    lookedUp++;
    try {
      return await resolved.lookup(host);
    } finally {
      lookedUp--;
    }
  };
  const rules = { ...resolved, lookup };
  return {
    lookup: async (name, context) => {
      const query = toForward(name, rules);
      if (query === undefined) return undefined;
      if (Math.max(asked, lookedUp) >= rules.concurrency) throw busy(rules);
      asked++;
      let isOver = false;
      const onEnd = () => {
        if (!isOver) asked--;
        isOver = true;
      };
      return forward(query, context, rules, onEnd);
    },
  };
}

/** @throws `FingerError` `ERR_FINGER_DENIED` */
function toForward(name: string, { maxHops }: ForwardRules): ForwardQuery | undefined {
  if (!name.includes("@")) return undefined;
  const query = parseQuery(name);
  if (query.kind !== "forward") throw denied("The name is no query that could be passed on");
  if (query.hosts.length > maxHops) throw denied(`A query may go on to ${maxHops} host(s), see the option maxHops`);
  return query;
}

/** Asks; `onEnd` is called when the host that is asked is left. */
async function forward(
  query: ForwardQuery,
  context: LookupContext,
  rules: ForwardRules,
  onEnd: () => void,
): Promise<Answer> {
  const { signal } = context;
  const leave = () => {
    signal.removeEventListener("abort", leave);
    onEnd();
  };
  try {
    const host = normalizeHost(query.hosts.at(-1) ?? "");
    const addresses = await within(rules.connectTimeout, signal, (gone) => resolveHost(host, rules, gone));
    const stream = fingerStream(
      { query: toNextQuery(query, context.verbose), host, port: rules.port },
      toStreamOptions(rules, addresses, signal),
    );
    const first = await stream.next();
    // Whoever gives the answer up does not always return it.
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted || first.done) leave();
    if (first.done) return "";
    return relay(first.value, stream, {
      maxBytes: rules.maxBytes,
      cutOff: toCutOff(host, rules),
      totalTime: rules.totalTime,
      tooLong: `[The rest is cut off: ${host} took longer than ${rules.totalTime / 1000} s.]`,
      onEnd: leave,
    });
  } catch (error) {
    leave();
    throw error;
  }
}

/** @throws `FingerError` `ERR_FINGER_DENIED` when the policy is against it. */
async function resolveHost(host: string, rules: ForwardRules, signal: AbortSignal): Promise<readonly string[]> {
  const { isListed, self, lookup } = rules;
  if (self.hasHost(host)) throw denied(`${host} is this server`);
  if (isListed !== undefined && !isListed(host)) throw denied(`${host} is not in the option hosts`);
  const allow = isListed === undefined ? undefined : ANY;
  const addresses = (await resolvePublic(host, { allow, lookup, signal })).map(({ address }) => address);
  for (const address of addresses) refuseSelf(host, address, rules);
  return addresses;
}

/** Forwarding in a circle, or past the rules for peers: what asks ourselves for others is not told from our own. */
function refuseSelf(host: string, address: string, { self, isNamed, port, ownPort }: ForwardRules): void {
  if (self.hasAddress(address)) throw denied(`${host} (${address}) is this server`);
  if (isOwnAddress(address) && !(isNamed(host) && port !== ownPort))
    throw denied(`${host} (${address}) is this machine`);
}

/** What is left to ask when the last host is reached. */
function toNextQuery({ user, hosts, verbose: isAsked }: ForwardQuery, wasAsked: boolean): ValidQuery {
  const verbose = isAsked || wasAsked;
  const rest = hosts.slice(0, -1);
  if (rest.length > 0) return { kind: "forward", user, hosts: rest, verbose };
  return user === "" ? { kind: "list", verbose } : { kind: "user", user, verbose };
}

/** The server that sends the text makes its control characters harmless. */
function toStreamOptions(
  { connectTimeout, timeout }: ForwardRules,
  addresses: readonly string[],
  signal: AbortSignal,
): FingerStreamOptions {
  return { connectTimeout, timeout, addresses, signal, raw: true };
}

function toCutOff(host: string, { maxBytes }: ForwardRules): string {
  return `[The rest is cut off: ${host} sent more than ${maxBytes} bytes.]`;
}

function busy({ concurrency }: ForwardRules): FingerError {
  const what = `${concurrency} hosts are being asked already`;
  return new FingerError("ERR_FINGER_CONNECT", `${what}; see the option concurrency of forwardProvider.`);
}

function denied(why: string): FingerError {
  return new FingerError("ERR_FINGER_DENIED", `Not forwarded: ${why}.`);
}

const ANY = parseAllowList(true);
