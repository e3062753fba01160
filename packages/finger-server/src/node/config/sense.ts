import type { ApplicationDescription } from "../application/description.js";
import { findClashes } from "./clashes.js";
import type { Fault } from "./issues.js";

/**
 * What does not go together, of keys that are right each for itself.
 *
 * @param passed - The names of the sockets that were passed on; `undefined` when that is not known.
 */
export function findContradictions(
  description: ApplicationDescription,
  passed: readonly string[] | undefined,
): readonly Fault[] {
  const { store, setter, process } = description;
  const faults: Fault[] = [];
  if (setter !== undefined && store === undefined) {
    faults.push({ path: ["setter"], why: "say where statuses are to be kept with store, such as file:statuses" });
  }
  if (passed !== undefined && isNowhere(description, passed)) {
    faults.push({
      path: ["setter", "listen"],
      why: "nobody could set anything; put an address into it, or say http or irc.setters, too",
    });
  }
  const workers = process?.workers;
  if (store === "memory:" && typeof workers === "number" && workers > 1) {
    faults.push({
      path: ["store"],
      why: `each of the ${workers} workers would have a memory of its own; write file:FOLDER or redis://HOST`,
    });
  }
  const others = [...findHttpFaults(description), ...findIrcFaults(description), ...findClashes(description, passed)];
  return [...faults, ...others];
}

/** Whether a setter has neither a port nor pages nor anybody on IRC. */
function isNowhere({ setter, http, irc }: ApplicationDescription, passed: readonly string[]): boolean {
  const { listen } = Object(setter) as { readonly listen?: unknown };
  const isReached = http !== undefined || has(irc, "setters") || passed.includes("http") || passed.includes("setter");
  return Array.isArray(listen) && listen.length === 0 && !isReached;
}

/** What the pages cannot do, whatever else is wrong there. */
function findHttpFaults({ http }: ApplicationDescription): readonly Fault[] {
  const isPlace = has(http, "address");
  const path = isPlace ? ["http"] : ["http", "listen"];
  const place: unknown = isPlace ? http : Object(http).listen;
  const faults: Fault[] = [];
  if (has(place, "proxyProtocol")) {
    const why = "the pages do not speak the PROXY protocol; leave it out";
    faults.push({ path: [...path, "proxyProtocol"], why });
  }
  if (has(http, "hsts") && !has(place, "tls")) {
    faults.push({ path: ["http", "hsts"], why: "it is of HTTPS alone; give http.listen a certificate by tls" });
  }
  return faults;
}

/** What the bot cannot do, whatever else is wrong there. */
function findIrcFaults({ irc, setter }: ApplicationDescription): readonly Fault[] {
  const faults: Fault[] = [];
  if (has(irc, "setters") && setter === undefined) {
    const why = 'it sets by the setter; write setter: { "listen": [] }, or where it listens, too';
    faults.push({ path: ["irc", "setters"], why });
  }
  const { url, account } = Object(irc) as { readonly url?: unknown; readonly account?: unknown };
  if (has(account, "certificate") && typeof url === "string" && /^irc:/i.test(url)) {
    faults.push({ path: ["irc", "account", "certificate"], why: "it is of TLS alone; write ircs:// in irc.url" });
  }
  return faults;
}

function has(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && key in value;
}
