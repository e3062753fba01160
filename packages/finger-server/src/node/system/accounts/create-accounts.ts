import { FingerError } from "finger-protocol";
import { assertWhole, LONGEST_TIME } from "../../../assert-whole.js";
import { createTrouble } from "../../../trouble.js";
import { toReason } from "../to-reason.js";
import type { Account } from "./account.js";
import { createAccountList } from "./account-list.js";
import type { Accounts } from "./accounts.js";
import { createAsked } from "./asked.js";
import { askGetent, isAskable } from "./getent.js";

/** Where accounts are looked for, and for how long they are kept. */
export interface AccountsOptions {
  /** The file of the accounts. @default "/etc/passwd" */
  readonly passwd?: string | undefined;
  /** The program that asks NSS. @default "getent", or none when a file is said */
  readonly getent?: string | undefined;
  /** The file that says whom NSS asks. @default "/etc/nsswitch.conf" */
  readonly nsswitch?: string | undefined;
  /** The folder of those whom systemd asks, where NSS asks systemd. @default "/run/systemd/userdb" */
  readonly userdb?: string | undefined;
  /** Who is found by a real name, of which only some are found: others take none of their places. @default everybody */
  readonly isFound?: ((account: Account) => boolean) | undefined;
  /** How long they are kept before they are looked at again, in milliseconds. @default 60_000 */
  readonly ttl?: number | undefined;
  /** Hears once of what cannot be read, until it can. @default nobody hears */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Milliseconds of a clock that does not go back. @default performance.now */
  readonly now?: (() => number) | undefined;
}

/** Accounts of which some are not told of. */
export interface AskedAccounts extends Accounts {
  /** Takes as long as it takes to find that nobody is called so, for one who is to be answered as if it were so. */
  pretend(login: string): Promise<void>;
}

/**
 * Makes what knows the accounts of this machine: those that getent(1) lists, or else those of a file, and of those that
 * NSS does not list whoever is asked for. Nothing is read before somebody asks, and then it is kept, and looked at
 * again behind the answers. Nobody hears of trouble but `onError`: who cannot be asked for is answered with what was
 * known, or as nobody is.
 *
 * @throws `RangeError` when `ttl` is no time.
 */
export function createAccounts(options: AccountsOptions = {}): AskedAccounts {
  const { ttl = 60_000, onError = () => {}, now = () => performance.now() } = options;
  const { isFound = () => true } = options;
  const { passwd = "/etc/passwd", nsswitch = "/etc/nsswitch.conf", userdb = "/run/systemd/userdb" } = options;
  const { getent = options.passwd === undefined ? "getent" : undefined } = options;
  assertWhole("ttl", ttl, LONGEST_TIME);
  const trouble = createTrouble(onError);
  const list = createAccountList({ passwd, getent, nsswitch, userdb }, { isFound, ttl, now, told: trouble.at("list") });
  const { begin, end } = trouble.at("asked");
  const toldAsked = { begin: (cause: unknown) => begin(unanswered(getent, cause)), end };
  const ask = async (login: string) => (getent === undefined ? undefined : askGetent(getent, login));
  const asked = createAsked(ask, { ttl, now, told: toldAsked });

  return {
    async find(login) {
      const { byLogin, hasOthers } = await list.get();
      const account = byLogin.get(login);
      return account === undefined && hasOthers && isAskable(login) ? asked.get(login) : account;
    },
    async pretend(login) {
      const { byLogin, hasOthers } = await list.get();
      // Who is not listed has been asked for.
      if (byLogin.has(login) && hasOthers && isAskable(login)) await asked.get(login);
    },
    async findByName(name) {
      const { indexNames } = await list.get();
      return (await indexNames())(name);
    },
    async all() {
      return (await list.get()).accounts;
    },
    async refresh() {
      asked.forget();
      await list.refresh();
    },
  };
}

function unanswered(getent: string | undefined, cause: unknown): FingerError {
  const message = `Some accounts cannot be asked for by ${getent}: ${toReason(cause)}.`;
  return new FingerError("ERR_FINGER_PROVIDER", message, { cause });
}
