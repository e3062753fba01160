import { describe } from "../../users/mistakes.js";
import type { ApplicationDescription, ProcessDescription, ProgramsDescription } from "../application/description.js";
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
  return [
    ...faults,
    ...findProgramFaults(description),
    ...findHttpFaults(description),
    ...findIrcFaults(description),
    ...findClashes(description, passed),
  ];
}

/** Whether a setter has neither a port nor pages nor anybody on IRC. */
function isNowhere({ setter, http, irc }: ApplicationDescription, passed: readonly string[]): boolean {
  const { listen } = Object(setter) as { readonly listen?: unknown };
  const isReached = http !== undefined || has(irc, "setters") || passed.includes("http") || passed.includes("setter");
  return Array.isArray(listen) && listen.length === 0 && !isReached;
}

/** What programs cannot do for a server that becomes somebody else, whatever else is wrong there. */
function findProgramFaults({ system, process }: ApplicationDescription): readonly Fault[] {
  const programs: Partial<ProgramsDescription> = Object(Object(system).programs);
  const own: ProcessDescription = Object(process);
  if (own.user === undefined || isRoot(own.user)) return [];
  const toFault = (name: "home" | "user" | "group", wish: string, from: "user" | "group"): Fault => ({
    path: ["system", "programs", name],
    why:
      `only a server that stays root can ${wish}, but this one becomes ${from} ${describe(own[from])}; ` +
      `leave ${name} out, or stay root without process.user and --user`,
  });
  const faults = programs.home === true ? [toFault("home", "run ~/.efingerd as its user", "user")] : [];
  for (const name of ["user", "group"] as const) {
    const [theirs, ours] = [programs[name], own[name]];
    if (theirs === undefined || ours === undefined || String(theirs) === String(ours)) continue;
    // A name and a number may be the same one, who is had by leaving it out, too; other machines have other accounts.
    faults.push(toFault(name, `run programs as another ${name}`, name));
  }
  return faults;
}

/** Whether who becomes that stays root. */
function isRoot(user: unknown): boolean {
  return ["root", "0"].includes(String(user));
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
