import { setImmediate } from "node:timers/promises";
import type { PlaceTrouble } from "../../../trouble.js";
import { lookAtFile } from "../../regular-file.js";
import type { Account } from "./account.js";
import { isSame, type ListPlaces, readFileAlone, readSource, type Source } from "./account-source.js";
import { LONGEST_BEHIND, LONGEST_KEPT } from "./asked.js";
import { type FindByName, indexNames } from "./names.js";
import { parseAccounts } from "./parse-accounts.js";

/** How long a list is kept, who of it is found by name, and who hears when it cannot be read. */
interface ListRules {
  /** Whose real names count. */
  readonly isFound: (account: Account) => boolean;
  /** In milliseconds. */
  readonly ttl: number;
  /** Milliseconds of a clock that does not go back. */
  readonly now: () => number;
  readonly told: PlaceTrouble;
}

/** All accounts that the machine lists. */
interface AccountList {
  readonly accounts: readonly Account[];
  readonly byLogin: ReadonlyMap<string, Account>;
  /** Whether NSS may have others that it does not list. */
  readonly hasOthers: boolean;
  readonly indexNames: () => Promise<FindByName>;
}

/** The list as it was last read. */
interface KeptList {
  /** Never rejects. */
  get(): Promise<AccountList>;
  /** Reads it now. */
  refresh(): Promise<void>;
}

interface Kept {
  readonly list: AccountList;
  readonly source: Source;
  /** Of the file. */
  readonly version: string | undefined;
  /** When it was last to be read, and when it could be. */
  readonly at: number;
  readonly readAt: number;
}

/**
 * Makes what keeps the list. It is read behind the answers, when it has been kept for its time or the file has changed,
 * which is looked at every other second at most. One that cannot be read stays as it was for an hour; then the file
 * must do.
 */
export function createAccountList(places: ListPlaces, { isFound, ttl, now, told }: ListRules): KeptList {
  let kept: Kept | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<AccountList> | undefined;
  let isForced = false;

  const read = async (): Promise<AccountList> => {
    const at = now();
    isForced = false;
    // Before it is read: what changes meanwhile is another version.
    const version = await findVersion(places.passwd);
    const last = kept !== undefined && at - kept.readAt < LONGEST_KEPT ? kept : undefined;
    const found = await readSource(places, told);
    const source = found ?? last?.source ?? (await readFileAlone(places));
    const list = last !== undefined && isSame(last.source, source) ? last.list : await toList(source, isFound);
    const readAt = found === undefined ? (last?.readAt ?? Number.NEGATIVE_INFINITY) : at;
    kept = { list, source, version, at, readAt };
    return list;
  };
  const look = async (): Promise<AccountList> => {
    lookedAt = now();
    if (isForced || kept === undefined || lookedAt - kept.at >= ttl) return read();
    return kept.version === (await findVersion(places.passwd)) ? kept.list : read();
  };
  const start = () => {
    running ??= look().finally(() => (running = undefined));
    return running;
  };

  return {
    async get() {
      const looking = now() - lookedAt >= BETWEEN_LOOKS ? start() : running;
      if (kept !== undefined && now() - kept.at < ttl + LONGEST_BEHIND) return kept.list;
      return looking ?? start();
    },
    async refresh() {
      isForced = true;
      // What was read before may be what is no longer so.
      await running;
      await start();
    },
  };
}

async function findVersion(path: string): Promise<string | undefined> {
  return (await lookAtFile(path).catch(() => undefined))?.version;
}

/** Others have their turns after each of some thousands of lines. */
async function toList({ lines, hasOthers }: Source, isFound: ListRules["isFound"]): Promise<AccountList> {
  const byLogin = new Map<string, Account>();
  let end = 0;
  for (let start = 0; start < lines.length; start = end) {
    if (start > 0) await setImmediate();
    end = lines.indexOf(LF, start + PIECE) + 1 || lines.length;
    for (const account of parseAccounts(lines.subarray(start, end))) {
      if (!byLogin.has(account.login)) byLogin.set(account.login, account);
    }
  }
  const accounts = [...byLogin.values()];
  let names: Promise<FindByName> | undefined;
  return { accounts, byLogin, hasOthers, indexNames: () => (names ??= indexNames(accounts.filter(isFound))) };
}

const LF = 0x0a;
const PIECE = 64 * 1024;
/** In milliseconds. */
const BETWEEN_LOOKS = 2000;
