import type { FingerUser } from "finger-protocol";
import type { Account } from "./accounts/account.js";
import { describeSessions } from "./describe-sessions.js";
import { lookIntoHome } from "./home/look-into-home.js";
import { readHome } from "./home/read-home.js";
import { readMailbox } from "./mailbox.js";
import { orTell } from "./or-tell.js";
import type { Surroundings } from "./surroundings.js";
import { toIdentity } from "./to-identity.js";

/** All that is told of an account; `undefined` when its owner does not want to be told of, or that cannot be known. */
export async function describeAccount(account: Account, around: Surroundings): Promise<FingerUser | undefined> {
  const { logins, terminals, trouble } = around;
  const files = await orTell(trouble.home(account.directory), async () => {
    const found = await lookIntoHome(account, readHome);
    // Who has no home has no files.
    return found === undefined ? {} : found;
  });
  if (files === undefined || files === null) return undefined;
  const [present, lastLogin, mail] = await Promise.all([
    logins.present(),
    logins.last(account),
    orTell(trouble.mail, () => readMailbox(account.login, around.mail)),
  ]);
  const sessions = await describeSessions(present.get(account.login), terminals);
  return { ...toIdentity(account), sessions, lastLogin, mail, ...files };
}
