/** The highest number that a user or a group can have: the one above it means "no one" to the system. */
export const MOST_ID: number = 2 ** 32 - 2;

/** An account, as passwd(5) has it. */
export interface Account {
  readonly login: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly directory: string;
  readonly shell: string;
}
