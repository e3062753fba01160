import { FINGER_PORT } from "finger-protocol";
import { assertWhole, LONGEST_TIME } from "../../assert-whole.js";
import { matchHosts } from "../../host-names.js";
import { type AllowList, type LookupHost, lookupHost, parseAllowList } from "../guard.js";

/** Which hosts are asked on behalf of others, and how. */
export interface ForwardOptions {
  /**
   * The hosts that may be asked, and no others: names, `*.example.org` for all below one, or addresses. They need not be
   * public. @default every host whose addresses are all public
   */
  readonly hosts?: readonly string[] | undefined;
  /**
   * Names, addresses and networks by which this server is reached from outside, in addition to the addresses that the
   * machine has: they are never asked. @default []
   */
  readonly self?: readonly string[] | undefined;
  /** The port that hosts are asked on; on the wire they have none (RFC 1288 2.3). @default 79 */
  readonly port?: number | undefined;
  /** The port of this server, which it does not ask on its own addresses. @default 79 */
  readonly ownPort?: number | undefined;
  /** How many hosts a query may have behind its name: with 2, `alice@h1@h2` too. @default 1 */
  readonly maxHops?: number | undefined;
  /** Longest wait for the name service, and then for the connection, in milliseconds. @default 3_000 */
  readonly connectTimeout?: number | undefined;
  /** Longest silence of the host that is asked, in milliseconds. @default 10_000 */
  readonly timeout?: number | undefined;
  /** Longest time for the whole answer, in milliseconds; `false` lets one last for hours. @default 60_000 */
  readonly totalTime?: number | false | undefined;
  /** How many hosts are asked at a time; beyond that no host can be reached. @default 16 */
  readonly concurrency?: number | undefined;
  /** Longest answer passed on, in bytes; a line says that the rest is cut off. @default 1_048_576 */
  readonly maxBytes?: number | undefined;
  /** Finds the addresses of a host. @default what the system does */
  readonly lookup?: LookupHost | undefined;
}

/** The options with their defaults, their lists read. */
export interface ForwardRules {
  /** `undefined` when every public host may be asked. */
  readonly isListed: ((host: string) => boolean) | undefined;
  /** Whether a host is listed by its very name. */
  readonly isNamed: (host: string) => boolean;
  readonly self: AllowList;
  readonly port: number;
  readonly ownPort: number;
  readonly maxHops: number;
  readonly connectTimeout: number;
  readonly timeout: number;
  readonly concurrency: number;
  readonly maxBytes: number;
  readonly totalTime: number;
  readonly lookup: LookupHost;
}

/** @throws `RangeError` for a number, `TypeError` for a host that is none. */
export function resolveForwardOptions(options: ForwardOptions): ForwardRules {
  const { hosts, self = [], lookup = lookupHost, totalTime = 60_000 } = options;
  const { port = FINGER_PORT, ownPort = FINGER_PORT, maxHops = 1, concurrency = 16 } = options;
  const { connectTimeout = 3_000, timeout = 10_000, maxBytes = 1024 * 1024 } = options;
  assertWhole("port", port, 65535);
  assertWhole("ownPort", ownPort, 65535);
  for (const [name, value] of Object.entries({ maxHops, concurrency, maxBytes })) assertWhole(name, value);
  for (const [name, value] of Object.entries({ connectTimeout, timeout })) assertWhole(name, value, LONGEST_TIME);
  if (totalTime !== false) assertWhole("totalTime", totalTime, LONGEST_TIME);
  return {
    isListed: hosts && matchHosts(hosts),
    isNamed: matchHosts((hosts ?? []).filter((host) => !host.startsWith("*."))),
    self: parseAllowList(self),
    ...{ port, ownPort, maxHops, connectTimeout, timeout, concurrency, maxBytes, lookup },
    totalTime: totalTime === false ? Number.POSITIVE_INFINITY : totalTime,
  };
}
