import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { FingerUser } from "finger-protocol";
import { inBatches } from "../in-batches.js";
import type { Account } from "./accounts/account.js";
import { describeAccount } from "./describe-account.js";
import { describeSessions } from "./describe-sessions.js";
import { toHomePath } from "./home/home-path.js";
import { lookAt } from "./look-at.js";
import { orTell } from "./or-tell.js";
import type { Surroundings } from "./surroundings.js";
import { toIdentity } from "./to-identity.js";

/**
 * What a list tells of accounts: who they are, where they are on, or when they were; nothing of their homes is opened. Those who do
 * not want to be told of are left out, and so is of whom that cannot be known.
 */
export async function listAccounts(accounts: readonly Account[], around: Surroundings): Promise<readonly FingerUser[]> {
  const present = await around.logins.present();
  const list = async (account: Account) => {
    if (!(await isTold(account, around))) return undefined;
    const sessions = await describeSessions(present.get(account.login), around.terminals);
    // As in finger(1): a newer login than those that are on is told of one who is asked for, and not in a list.
    const lastLogin = sessions.length === 0 ? await around.logins.last(account) : undefined;
    return { ...toIdentity(account), sessions, lastLogin };
  };
  return (await inBatches(accounts, list, MOST_LISTED)).filter((user) => user !== undefined);
}

/**
 * What a list tells that is to be long (RFC 1288 2.5.4): all that is told of each who is asked for. It ends with the one whose files
 * make it too long to be kept, many times what an answer may have.
 */
export async function describeAccounts(
  accounts: readonly Account[],
  around: Surroundings,
): Promise<readonly FingerUser[]> {
  let room = MOST_TEXT;
  const describe = async (account: Account) => {
    if (room < 0) return undefined;
    const user = await describeAccount(account, around);
    room -= user === undefined ? 0 : countText(user);
    return user;
  };
  return (await inBatches(accounts, describe, MOST_DESCRIBED)).filter((user) => user !== undefined);
}

function countText({ plan = "", project = "", pgpKey = "", mailForward = "" }: FingerUser): number {
  return plan.length + project.length + pgpKey.length + mailForward.length;
}

/**
 * By the path, which is quicker: who puts another home there could only hide it. The trouble is that of the file alone: a home
 * of which another file fails is not well again when this one can be looked at.
 */
async function isTold({ directory }: Account, { trouble }: Surroundings): Promise<boolean> {
  const home = toHomePath(directory);
  if (home === undefined) return true;
  const path = join(home, ".nofinger");
  const isThere = async () => (await lookAt(home, () => lstat(path))) !== undefined;
  return (await orTell(trouble.home(path), isThere)) === false;
}

/** Fewer than may wait for the disk. */
const MOST_LISTED = 256;
/** Each takes several looks at the disk. */
const MOST_DESCRIBED = 32;
/** Characters of files that a list keeps. */
const MOST_TEXT = 16 * 1024 * 1024;
