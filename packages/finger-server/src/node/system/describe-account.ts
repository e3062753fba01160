import type { FingerMail, FingerSession, FingerUser } from "finger-protocol";
import type { PlaceTrouble } from "../../trouble.js";
import type { Account } from "./accounts/account.js";
import { toPerson } from "./accounts/gecos.js";
import type { Home } from "./home/home.js";
import { openHome } from "./home/open-home.js";
import type { Logins, Presence } from "./logins/logins.js";
import { readMailbox } from "./mailbox.js";
import { readTerminal } from "./terminal.js";

/** Where what is told of an account is found. */
export interface Surroundings {
  readonly logins: Logins;
  /** The folder of the mailboxes. */
  readonly mail: string | undefined;
  /** The folder of the terminals. */
  readonly terminals: string | undefined;
  /** Hears of a home, each by itself, and of mailboxes that cannot be looked at. */
  readonly trouble: { readonly home: (directory: string) => PlaceTrouble; readonly mail: PlaceTrouble };
}

/** All that is told of an account; `undefined` when its owner does not want to be told of, or that cannot be known. */
export async function describeAccount(account: Account, around: Surroundings): Promise<FingerUser | undefined> {
  const files = await lookHome(account, around.trouble.home(account.directory));
  if (files === undefined) return undefined;
  const [present, lastLogin, mail] = await Promise.all([
    around.logins.present(),
    around.logins.last(account),
    lookMail(account, around),
  ]);
  const sessions = await describeSessions(present.get(account.login), around.terminals);
  return { ...toIdentity(account), sessions, lastLogin, mail, ...files };
}

/** What passwd(5) says. */
export function toIdentity(account: Account): FingerUser {
  const { login, gecos, directory, shell } = account;
  return { login, ...toPerson(gecos, login), directory, shell };
}

/** Where somebody is, and since when nothing was typed there. */
export function describeSessions(
  presences: readonly Presence[] | undefined,
  terminals: string | undefined,
): Promise<readonly FingerSession[]> {
  return Promise.all(
    (presences ?? []).map(async ({ since, tty, host, idleSince }) => {
      const idle = idleSince && Math.max(0, Math.floor((Date.now() - idleSince.getTime()) / 1000));
      const terminal = tty === undefined ? {} : await readTerminal(tty, terminals);
      return { since, tty, host, ...(idle !== undefined && { idle }), ...terminal };
    }),
  );
}

type HomeFields = Pick<FingerUser, "mailForward" | "pgpKey" | "project" | "plan" | "planAt" | "pronouns" | "timeZone">;

/** What the files of a home say; `undefined` when it has a `.nofinger`, or nobody knows whether. */
async function lookHome(account: Account, trouble: PlaceTrouble): Promise<HomeFields | undefined> {
  let home: Home | undefined;
  try {
    home = await openHome(account);
    const fields = home === undefined ? {} : await readHome(home);
    trouble.end();
    return fields;
  } catch (error) {
    trouble.begin(error);
    return undefined;
  } finally {
    await home?.close();
  }
}

async function readHome(home: Home): Promise<HomeFields | undefined> {
  if (await home.has(".nofinger")) return undefined;
  const plan = await home.read(".plan");
  const pgpKey = (await home.read(".pgpkey")) ?? (await home.read(".pubkey"));
  return {
    mailForward: (await home.read(".forward"))?.text,
    pgpKey: pgpKey?.text,
    project: (await home.read(".project"))?.text,
    plan: plan?.text,
    planAt: plan?.changedAt,
    pronouns: toLine((await home.read(".pronouns"))?.text),
    timeZone: toLine((await home.read(".tz"))?.text),
  };
}

/** The first line of a text that is one; a file with nothing in it says nothing. */
function toLine(text = ""): string | undefined {
  const [line = ""] = text.trim().split(/[\r\n]/, 1);
  return line.slice(0, LONGEST_LINE) || undefined;
}

async function lookMail({ login }: Account, { mail, trouble }: Surroundings): Promise<FingerMail | null | undefined> {
  try {
    const found = await readMailbox(login, mail);
    trouble.mail.end();
    return found;
  } catch (error) {
    trouble.mail.begin(error);
    return undefined;
  }
}

/** Nobody's pronouns, and no time zone, are longer. */
const LONGEST_LINE = 80;
