/** An account, as passwd(5) has it. */
export interface Account {
  readonly login: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly directory: string;
  readonly shell: string;
}
