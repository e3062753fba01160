import { chmod, mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FingerUser } from "finger-protocol";

/** An account as the files of a Linux machine have it; times are in seconds since 1970. */
export interface Account {
  readonly login: string;
  readonly gecos: string;
  readonly shell: string;
  /** The texts of files in the home directory, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly mail?: { readonly text: string; readonly receivedAt: number; readonly readAt: number } | undefined;
  readonly sessions: readonly Session[];
  readonly last?: { readonly at: number; readonly tty: string; readonly host: string } | undefined;
}

interface Session {
  readonly at: number;
  readonly tty: string;
  readonly host: string;
  /** The last key. finger takes a terminal with a colon in its name, an X display, for never idle and always closed. */
  readonly keyAt: number;
  readonly messages: boolean;
}

/** Where on a real machine the files belong. */
export const PLACES = { passwd: "/etc/passwd", run: "/run", log: "/var/log", mail: "/var/mail", pts: "/dev/pts" };

/** Writes the files that finger(1) reads into `folder`, in the formats of glibc on x86-64. */
export async function writeMachine(folder: string, accounts: readonly Account[]): Promise<void> {
  for (const name of ["run", "log", "mail", "pts", "home"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(
    join(folder, "passwd"),
    `${accounts.map((account, index) => toPasswd(folder, account, index)).join("\n")}\n`,
  );
  await writeFile(
    join(folder, "run/utmp"),
    Buffer.concat(accounts.flatMap((account) => account.sessions.map((session) => toUtmp(account.login, session)))),
  );
  await writeFile(
    join(folder, "log/lastlog"),
    Buffer.concat([Buffer.alloc(FIRST_UID * 292), ...accounts.map(toLastlog)]),
  );
  for (const { login, files, mail, sessions } of accounts) {
    await mkdir(join(folder, "home", login), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, "home", login, name), text);
    if (mail !== undefined) {
      await writeFile(join(folder, "mail", login), mail.text);
      await utimes(join(folder, "mail", login), mail.readAt, mail.receivedAt);
    }
    for (const { tty, keyAt, messages } of sessions) {
      if (tty.includes(":")) continue;
      const path = join(folder, tty);
      await writeFile(path, "");
      await chmod(path, messages ? 0o620 : 0o600);
      await utimes(path, keyAt, keyAt);
    }
  }
}

/** What a program that knows these facts would say of the account. */
export function toFingerUser(folder: string, account: Account, now: number): FingerUser {
  const { login, gecos, shell, files, mail, sessions, last } = account;
  const [name = "", office = "", officePhone = "", homePhone = ""] = gecos.replace(/^\*/, "").split(",");
  const date = (seconds: number) => new Date(seconds * 1000);
  return {
    login,
    name: name.replaceAll("&", login.charAt(0).toUpperCase() + login.slice(1)),
    office,
    officePhone,
    homePhone,
    directory: join(folder, "home", login),
    shell,
    sessions: sessions.map(({ at, tty, host, keyAt, messages }) => ({
      since: date(at),
      tty,
      host,
      ...(tty.includes(":") ? { messages: false } : { idle: Math.max(0, now - keyAt), messages }),
    })),
    lastLogin: last === undefined ? null : { since: date(last.at), tty: last.tty, host: last.host },
    mail:
      mail === undefined || mail.text === "" ? null : { receivedAt: date(mail.receivedAt), readAt: date(mail.readAt) },
    mailForward: files[".forward"],
    pgpKey: files[".pgpkey"],
    project: files[".project"],
    plan: files[".plan"],
  };
}

const FIRST_UID = 2000;

function toPasswd(folder: string, { login, gecos, shell }: Account, index: number): string {
  const uid = FIRST_UID + index;
  return `${login}:x:${uid}:${uid}:${gecos}:${join(folder, "home", login)}:${shell}`;
}

/** `struct utmp` of a user process, 384 bytes. */
function toUtmp(login: string, { at, tty, host }: Session): Buffer {
  const record = Buffer.alloc(384);
  record.writeInt32LE(7, 0);
  record.writeInt32LE(1, 4);
  record.write(tty, 8, 32);
  record.write(login, 44, 32);
  record.write(host, 76, 256);
  record.writeInt32LE(at, 340);
  return record;
}

/** `struct lastlog`, 292 bytes, at the place of its uid. */
function toLastlog({ last }: Account): Buffer {
  const record = Buffer.alloc(292);
  if (last === undefined) return record;
  record.writeInt32LE(last.at, 0);
  record.write(last.tty, 4, 32);
  record.write(last.host, 36, 256);
  return record;
}
