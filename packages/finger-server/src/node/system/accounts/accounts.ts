import type { Account } from "./account.js";

/** Who has an account on this machine. What is kept is looked at again in the background, and never for each question. */
export interface Accounts {
  /** The account of exactly that login, asked of NSS when the list has none. */
  find(login: string): Promise<Account | undefined>;
  /** Those whose real name has all words of `name`, in any case; at most some, and of those alone who are to be found so. */
  findByName(name: string): Promise<readonly Account[]>;
  /** Those that can be listed, in the order of the machine. */
  all(): Promise<readonly Account[]>;
  /** Looks at them now. */
  refresh(): Promise<void>;
}
