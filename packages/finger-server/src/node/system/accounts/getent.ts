import { runTool } from "../tool.js";
import type { Account } from "./account.js";
import { isLogin } from "./is-login.js";
import { parseAccounts } from "./parse-accounts.js";

/**
 * Asks NSS for all accounts that it lists, by getent(1): lines of passwd(5); `undefined` when there is no such program.
 *
 * @param longest - How long an answer is waited for, in milliseconds.
 * @throws When it fails, or does not answer in time.
 */
export async function listByGetent(command: string, longest: number = LONGEST): Promise<Buffer | undefined> {
  const printed = await run(command, ["passwd"], longest);
  return printed === undefined ? undefined : Buffer.from(printed, "latin1");
}

/**
 * Asks NSS for the account of exactly that login. It finds some by their numbers, too, and some by other names of
 * theirs, or whatever the case is: those are not meant.
 *
 * @throws When it fails, or does not answer in time.
 */
export async function askGetent(
  command: string,
  login: string,
  longest: number = LONGEST,
): Promise<Account | undefined> {
  if (!isAskable(login)) return undefined;
  try {
    const printed = await run(command, ["passwd", ...END_OF_OPTIONS, login], longest);
    return parseAccounts(Buffer.from(printed ?? "", "latin1")).find((account) => account.login === login);
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_FOUND) return undefined;
    throw error;
  }
}

/** Whether NSS can have an account that is called so; a number is taken for a uid. */
export function isAskable(login: string): boolean {
  return isLogin(login) && !/^\s*\d+$/.test(login);
}

async function run(command: string, args: readonly string[], longest: number): Promise<string | undefined> {
  try {
    return await runTool(command, args, longest);
  } catch (cause) {
    if ((cause as { killed?: boolean }).killed !== true) throw cause;
    throw new Error(`it has not answered within ${longest} ms`, { cause });
  }
}

/** Those of BSD take it for a name; no login begins with a hyphen anyway. */
const END_OF_OPTIONS: readonly string[] = process.platform === "linux" ? ["--"] : [];
/** What it exits with when there is no such account. */
const NOT_FOUND = 2;
/** In milliseconds: less than anybody waits for an answer. */
const LONGEST = 5000;
