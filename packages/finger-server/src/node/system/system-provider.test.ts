import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FingerUser } from "finger-protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { toLastlog, toUtmp } from "../../../../../tests/support/login-records.js";
import { freshPath } from "../../../../../tests/support/programs.js";
import type { SystemOptions } from "./options.js";
import { type SystemProvider, systemProvider } from "./system-provider.js";

/** Whose the files of the test are, and so the homes. */
const OWN = process.getuid?.() ?? 0;
const AT = 1_700_000_000;

let folder: string;
let errors: unknown[];

beforeEach(() => {
  folder = freshPath();
  errors = [];
  for (const name of ["", "homes", "homes/alice", "homes/bob", "mail", "dev", "dev/pts"]) mkdirSync(join(folder, name));
  writePasswd([
    ["root", 4, "root"],
    ["alice", OWN, "& Liddell,Room 42,5551234,"],
    ["bob", OWN, "Bob Liddell"],
  ]);
  writeFileSync(join(folder, "utmp"), toUtmp({ tty: "pts/1", host: "hole.example", at: AT }));
  writeFileSync(join(folder, "lastlog"), "");
});

function writePasswd(accounts: ReadonlyArray<readonly [login: string, uid: number, gecos: string]>): void {
  const lines = accounts.map(([login, uid, gecos]) => `${login}:x:${uid}:${uid}:${gecos}:${home(login)}:/bin/sh\n`);
  writeFileSync(join(folder, "passwd"), lines.join(""));
}

function home(login: string, name = ""): string {
  return join(folder, "homes", login, name);
}

function create(options: SystemOptions = {}): SystemProvider {
  const places = {
    passwd: join(folder, "passwd"),
    mail: join(folder, "mail"),
    utmp: join(folder, "utmp"),
    lastlog: join(folder, "lastlog"),
    terminals: join(folder, "dev"),
  };
  return systemProvider({ minUid: OWN, maxUid: OWN, places, onError: (error) => void errors.push(error), ...options });
}

const lookUser = async (name: string, options?: SystemOptions) => (await create(options).lookup(name)) as FingerUser;
const listLogins = async (options?: SystemOptions) => (await create(options).list()).map(({ login }) => login);

it("tells all that the machine knows of an account", async () => {
  const files = {
    ".plan": "Happy\n",
    ".project": "Tea\n",
    ".pubkey": "key\n",
    ".forward": "alice@b.example\n",
    ".pronouns": "they/them\nor so\n",
    ".tz": "Europe/Berlin\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(home("alice", name), text);
  utimesSync(home("alice", ".plan"), AT, AT + 1);
  writeFileSync(join(folder, "mail/alice"), "From\n");
  utimesSync(join(folder, "mail/alice"), AT + 2, AT + 3);
  writeFileSync(join(folder, "dev/pts/1"), "");
  chmodSync(join(folder, "dev/pts/1"), 0o600);
  const date = (seconds: number) => new Date(seconds * 1000);
  expect(await lookUser("alice")).toMatchObject({
    login: "alice",
    name: "Alice Liddell",
    office: "Room 42",
    officePhone: "5551234",
    homePhone: undefined,
    directory: home("alice"),
    shell: "/bin/sh",
    sessions: [{ since: date(AT), tty: "pts/1", host: "hole.example", idle: expect.any(Number), messages: false }],
    mail: { receivedAt: date(AT + 3), readAt: date(AT + 2) },
    mailForward: "alice@b.example\n",
    pgpKey: "key\n",
    project: "Tea\n",
    plan: "Happy\n",
    planAt: date(AT + 1),
    pronouns: "they/them",
    timeZone: "Europe/Berlin",
  });
  expect(errors).toEqual([]);
});

it("tells of somebody who has nothing that there is nothing", async () => {
  const bob = await lookUser("bob");
  expect(bob).toMatchObject({ login: "bob", name: "Bob Liddell", sessions: [], mail: null });
  expect(bob.plan ?? bob.project ?? bob.pgpKey ?? bob.pronouns ?? bob.timeZone).toBeUndefined();
});

it("takes .pgpkey before .pubkey", async () => {
  writeFileSync(home("bob", ".pubkey"), "new\n");
  writeFileSync(home("bob", ".pgpkey"), "old\n");
  expect((await lookUser("bob")).pgpKey).toBe("old\n");
});

it("says nothing of a terminal that is gone", async () => {
  const [session] = (await lookUser("alice")).sessions ?? [];
  expect(session).toEqual({ since: new Date(AT * 1000), tty: "pts/1", host: "hole.example" });
});

describe("an account that is not told of", () => {
  const CASES: ReadonlyArray<[why: string, options: SystemOptions, prepare: () => void]> = [
    ["it is hidden", { hidden: ["alice"] }, () => {}],
    ["its number is too low", { minUid: OWN + 1, maxUid: OWN + 1 }, () => {}],
    ["it has a .nofinger", {}, () => writeFileSync(home("alice", ".nofinger"), "")],
    ["its .nofinger is a folder", {}, () => mkdirSync(home("alice", ".nofinger"))],
    ["its .nofinger is a link to nowhere", {}, () => symlinkSync("/nowhere", home("alice", ".nofinger"))],
  ];

  it.each(CASES)("is nobody, and in no list, as %s", async (_why, options, prepare) => {
    prepare();
    for (const name of ["alice", "Liddell", "alice liddell"]) {
      const found = await create({ ...options, names: true }).lookup(name);
      expect(JSON.stringify(found) ?? "").not.toContain('"alice"');
    }
    for (const list of ["online", "all"] as const)
      expect(await listLogins({ ...options, list })).not.toContain("alice");
    const long = await create({ ...options, list: "all" }).list({ ...CONTEXT, verbose: true });
    expect(long.map(({ login }) => login)).not.toContain("alice");
  });
});

const CONTEXT = { verbose: false, peer: { address: undefined, port: undefined }, signal: new AbortController().signal };

describe("a name", () => {
  it("is a login, and no word of a name, unless it is said", async () => {
    expect(await create().lookup("liddell")).toBeUndefined();
    expect(await create().lookup("Alice")).toBeUndefined();
  });

  it("means one, several, or whoever has the login", async () => {
    writePasswd([
      ["alice", OWN, "Alice Liddell"],
      ["bob", OWN, "Alice Builder"],
    ]);
    const provider = create({ names: true });
    expect(await provider.lookup("BUILDER")).toMatchObject({ login: "bob" });
    expect(await provider.lookup("Alice")).toMatchObject([{ login: "alice" }, { login: "bob" }]);
    expect(await provider.lookup("alice")).toMatchObject({ login: "alice" });
    expect(await provider.lookup("alice builder")).toMatchObject({ login: "bob" });
    expect(await provider.lookup("carol")).toBeUndefined();
  });

  it.each(["", "-", "-l", "../alice", "/etc/passwd", "alice\0", "alice:x", "x".repeat(5000), "root"])(
    "%j is nobody's",
    async (name) => {
      expect(await create({ names: true }).lookup(name)).toBeUndefined();
      expect(errors).toEqual([]);
    },
  );
});

describe("a list", () => {
  it("has those who are on, and where, but nothing of their homes", async () => {
    writeFileSync(home("alice", ".plan"), "Happy\n");
    const users = await create().list();
    expect(users).toMatchObject([{ login: "alice", name: "Alice Liddell", sessions: [{ tty: "pts/1" }] }]);
    expect(users[0]).not.toHaveProperty("plan");
  });

  it("has the plans where it is to be long", async () => {
    writeFileSync(home("alice", ".plan"), "Happy\n");
    expect(await create().list({ ...CONTEXT, verbose: true })).toMatchObject([{ login: "alice", plan: "Happy\n" }]);
  });

  it("has all where it is said, with their last logins unless they are on", async () => {
    const size = OWN < 10_000 ? OWN : 0; // a file of a high number would be long
    writeFileSync(
      join(folder, "lastlog"),
      Buffer.concat([Buffer.alloc(size * 292), toLastlog(AT + 9, "pts/9", "old.example")]),
    );
    const [alice, bob] = await create({ list: "all" }).list();
    expect(alice).toMatchObject({ login: "alice", sessions: [{ tty: "pts/1" }] });
    expect(alice?.lastLogin).toBeUndefined();
    expect(bob).toMatchObject({ login: "bob", sessions: [] });
    if (size === OWN) expect(bob?.lastLogin).toMatchObject({ tty: "pts/9", host: "old.example" });
  });

  it("leaves out of whom nothing is known, such as who is on without an account", async () => {
    writeFileSync(join(folder, "utmp"), Buffer.concat([toUtmp({ login: "ghost" }), toUtmp({})]));
    expect(await listLogins()).toEqual(["alice"]);
  });
});

it("knows of a new account when it is told to look again", async () => {
  const provider = create();
  expect(await provider.lookup("carol")).toBeUndefined();
  mkdirSync(home("carol"));
  writePasswd([["carol", OWN, "Carol"]]);
  await provider.reload();
  expect(await provider.lookup("carol")).toMatchObject({ login: "carol" });
  expect(await provider.lookup("alice")).toBeUndefined();
});

it("looks again at who wants to be told of, when it is told to", async () => {
  const provider = create({ list: "all" });
  expect(await provider.list()).toHaveLength(2);
  writeFileSync(home("alice", ".nofinger"), "");
  await provider.reload();
  expect((await provider.list()).map(({ login }) => login)).toEqual(["bob"]);
});

it("tells once that the accounts cannot be read, and answers that nobody is there", async () => {
  rmSync(join(folder, "passwd"));
  const provider = create();
  for (let turn = 0; turn < 3; turn++) expect(await provider.lookup("alice")).toBeUndefined();
  expect(await provider.list()).toEqual([]);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ code: "ERR_FINGER_PROVIDER" });
});

it("answers for an account whose home, mail and terminal are not there", async () => {
  for (const name of ["homes", "mail", "dev"]) rmSync(join(folder, name), { recursive: true });
  expect(await lookUser("alice")).toMatchObject({ login: "alice", mail: null, sessions: [{ tty: "pts/1" }] });
  expect(errors).toEqual([]);
});

const WRONG: ReadonlyArray<[options: object, message: string]> = [
  [{ minUid: -1 }, "The option minUid must be a whole number from 0 to 4294967294, but is -1."],
  [{ maxUid: 1.5 }, "The option maxUid must be a whole number from 0 to 4294967294, but is 1.5."],
  [{ hidden: "deploy" }, "The option hidden must be a list of logins."],
  [{ names: "yes" }, "The option names must be a boolean, but is yes."],
  [{ list: "none" }, 'The option list must be "online" or "all", but is "none".'],
];

it.each(WRONG)("does not take %j", (options, message) => {
  expect(() => systemProvider(options)).toThrow(message);
});
