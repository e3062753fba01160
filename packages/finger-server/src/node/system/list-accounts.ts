import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { FingerError, type FingerUser } from "finger-protocol";
import { inBatches } from "../in-batches.js";
import type { Account } from "./accounts/account.js";
import { describeAccount, describeSessions, type Surroundings, toIdentity } from "./describe-account.js";
import { DISK_PATIENCE, DISK_TURNS } from "./disk-turns.js";
import { toHomePath } from "./home/home-path.js";
import { unreadable } from "./home/open-home.js";
import { isAbsent } from "./is-absent.js";

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

/** What a list tells that is to be long (RFC 1288 2.5.4): all that is told of each who is asked for. */
export async function describeAccounts(
  accounts: readonly Account[],
  around: Surroundings,
): Promise<readonly FingerUser[]> {
  const users = await inBatches(accounts, (account) => describeAccount(account, around), MOST_DESCRIBED);
  return users.filter((user) => user !== undefined);
}

/** By the path, which is quicker: who puts another home there could only hide it. */
async function isTold({ directory }: Account, { trouble }: Surroundings): Promise<boolean> {
  const path = toHomePath(directory);
  if (path === undefined) return true;
  try {
    await DISK_TURNS.take(path, DISK_PATIENCE, () => lstat(join(path, ".nofinger")));
    return false;
  } catch (error) {
    if (isAbsent(error)) return true;
    trouble.home(directory).begin(FingerError.is(error) ? error : unreadable(path, error));
    return false;
  }
}

/** Fewer than may wait for the disk. */
const MOST_LISTED = 256;
/** Each takes several looks at the disk. */
const MOST_DESCRIBED = 32;
