import { setImmediate } from "node:timers/promises";
import type { Account } from "./account.js";
import { toPerson } from "./gecos.js";

/** Finds accounts by words of their real names. */
export type FindByName = (name: string) => readonly Account[];

/**
 * Makes what finds accounts by words of their real names, as finger(1) does: whole words, in any case. Of several words
 * a name must have all. Others have their turns while the words are gathered.
 */
export async function indexNames(accounts: readonly Account[]): Promise<FindByName> {
  const byWord = new Map<string, Set<Account>>();
  for (const [index, account] of accounts.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await setImmediate();
    for (const word of toWords(toPerson(account.gecos, account.login).name ?? "")) {
      const those = byWord.get(word);
      if (those === undefined) byWord.set(word, new Set([account]));
      else those.add(account);
    }
  }
  return (name) => {
    const groups = toWords(name).map((word) => byWord.get(word) ?? NOBODY);
    const [fewest = NOBODY, ...others] = groups.sort((a, b) => a.size - b.size);
    return findInAll(fewest, others);
  };
}

function findInAll(some: ReadonlySet<Account>, others: ReadonlyArray<ReadonlySet<Account>>): readonly Account[] {
  const found: Account[] = [];
  for (const account of some) {
    if (found.length === MOST_FOUND) break;
    if (others.every((group) => group.has(account))) found.push(account);
  }
  return found;
}

/** Each word once; those beyond the first ones of a name are not looked at. */
function toWords(name: string): string[] {
  const words = name.normalize().toLowerCase().split(/\s+/, MOST_WORDS);
  return [...new Set(words)].filter((word) => word !== "");
}

const NOBODY: ReadonlySet<Account> = new Set();
const AT_ONCE = 2000;
const MOST_WORDS = 32;
const MOST_FOUND = 64;
