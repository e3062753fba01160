import type { FingerUser } from "finger-protocol";
import { isIn, parseNetwork } from "../network.js";
import { NOBODY, type Peer } from "../provider.js";
import { toLoginKey } from "../users/login.js";

/** A field of a record that may be shown or not; the login always is. */
export type Field = Exclude<keyof FingerUser, "login">;

/** What is shown of a user: all, the login and these fields, or not even that there is such a user. */
export type Disclosure = "all" | "hidden" | readonly Field[];

/** Decides what a peer sees of a user. */
export type DiscloseFunction = (login: string, peer: Peer) => Disclosure;

/** What some peers see of some users. What is left out holds for all of them. */
export interface DisclosureRule {
  /** Logins, to the letter. */
  readonly users?: readonly string[] | undefined;
  /** Networks such as `10.0.0.0/8`, single addresses, and `local` for peers without an address. */
  readonly networks?: readonly string[] | undefined;
  readonly show: Disclosure;
}

/** Rules that are ready for use. */
export interface Policy {
  /** What the peer sees of each user. */
  readonly discloseTo: (peer: Peer) => (login: string) => Disclosure;
  /** Whether the user may be hidden from one who watches, of whom nothing is known. */
  readonly mayHide: (login: string) => boolean;
}

/** A function decides alone; of a list of rules the first that fits does. */
export function toPolicy(rules: DiscloseFunction | readonly DisclosureRule[]): Policy {
  if (typeof rules !== "function") return readRules(rules);
  return {
    discloseTo: (peer) => (login) => checkDisclosure(rules(login, peer)),
    mayHide: (login) => rules(login, NOBODY) === "hidden",
  };
}

/** RFC 1288 3.2.3 wants every answer to give the full name; it is no more than that unless a rule says so. */
const DEFAULT_DISCLOSURE: Disclosure = ["name"];

/** A rule with what it names, read. */
interface ReadRule {
  readonly isOf: (login: string) => boolean;
  readonly isFor: (peer: Peer) => boolean;
  readonly isForAll: boolean;
  readonly show: Disclosure;
}

function readRules(rules: readonly DisclosureRule[]): Policy {
  const read = rules.map(readRule);
  return {
    discloseTo: (peer) => {
      // Once for a whole list, since addresses are slow to read.
      const fitting = read.filter((rule) => rule.isFor(peer));
      return (login) => fitting.find((rule) => rule.isOf(login))?.show ?? DEFAULT_DISCLOSURE;
    },
    mayHide: (login) => {
      const own = read.filter((rule) => rule.isOf(login));
      const last = own.findIndex((rule) => rule.isForAll);
      return own.slice(0, last === -1 ? undefined : last + 1).some((rule) => rule.show === "hidden");
    },
  };
}

function readRule(rule: DisclosureRule): ReadRule {
  const { users, networks, show } = checkRule(rule);
  const logins = users && new Set(users.map(toLoginKey));
  const isLocal = networks?.includes("local") === true;
  const parsed = networks?.filter((network) => network !== "local").map(parseNetwork);
  return {
    isOf: (login) => logins === undefined || logins.has(toLoginKey(login)),
    isFor: ({ address }) => {
      if (parsed === undefined) return true;
      return address === undefined ? isLocal : parsed.some((network) => isIn(address, network));
    },
    isForAll: networks === undefined,
    show: checkDisclosure(show),
  };
}

const RULE_KEYS: readonly string[] = ["users", "networks", "show"];

/** A rule that is misspelt must not hold for everybody. */
function checkRule(rule: DisclosureRule): DisclosureRule {
  const unknown = Object.keys(rule).find((key) => !RULE_KEYS.includes(key));
  if (unknown !== undefined) throw new TypeError(`A rule has ${RULE_KEYS.join(", ")}, and no ${describe(unknown)}.`);
  for (const [key, list] of Object.entries({ users: rule.users, networks: rule.networks })) {
    if (list === undefined || Array.isArray(list)) continue;
    throw new TypeError(`The ${key} of a rule must be a list, but are ${describe(list)}.`);
  }
  return rule;
}

/** The fields, each once; the compiler sees to it that none is missing. */
const FIELDS: Readonly<Record<Field, true>> = {
  name: true,
  status: true,
  statusAt: true,
  directory: true,
  shell: true,
  office: true,
  officePhone: true,
  homePhone: true,
  pronouns: true,
  timeZone: true,
  sessions: true,
  lastLogin: true,
  mail: true,
  mailForward: true,
  pgpKey: true,
  project: true,
  plan: true,
  planAt: true,
  text: true,
};

/** What is no disclosure, such as the promise of one, must not pass for one. A list may change later, so it is copied. */
function checkDisclosure(show: Disclosure): Disclosure {
  if (show === "all" || show === "hidden") return show;
  if (!Array.isArray(show)) {
    throw new TypeError(`What to show must be "all", "hidden" or a list of fields, but is ${describe(show)}.`);
  }
  const unknown = show.find((field) => !Object.hasOwn(FIELDS, field));
  if (unknown === undefined) return [...show];
  throw new RangeError(`There is no field ${describe(unknown)} to show; there are ${Object.keys(FIELDS).join(", ")}.`);
}

function describe(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : Object.prototype.toString.call(value);
}
