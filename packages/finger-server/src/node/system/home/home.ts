/** The home of an account, held by its descriptor: what is put in its place meanwhile is not looked at. */
export interface Home {
  /** Whether there is anything of that name, of whatever kind. */
  has(name: string): Promise<boolean>;
  /** The text of a file that is the account's own and may be shown, and when it was changed; `undefined` when there is none. */
  read(name: string): Promise<{ readonly text: string; readonly changedAt: Date } | undefined>;
}
