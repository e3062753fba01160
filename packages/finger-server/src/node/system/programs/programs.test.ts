import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { IS_ROOT } from "../../../../../../tests/peers/support/mounts.js";
import {
  awaitFile,
  eventually,
  FOLDER,
  freshPath,
  haveEnded,
  isRunning,
  nextText,
  readNumbers,
  toNumbers,
} from "../../../../../../tests/support/programs.js";
import type { Peer } from "../../../provider.js";
import type { Account } from "../accounts/account.js";
import type { ProgramsOptions } from "./options.js";
import { createPrograms, type Printed } from "./programs.js";

const PEER: Peer = { address: "192.0.2.7", port: 4711 };
/** Root runs nothing as itself; others can become nobody else. */
const USER = IS_ROOT ? "nobody" : undefined;
const ALICE: Account = { login: "alice", uid: 2000, gid: 2000, gecos: "", directory: "/nonexistent", shell: "/bin/sh" };
const ARGUMENTS = `echo "$#" "$@"`;

// Whom programs run as has to get there.
beforeAll(() => chmodSync(FOLDER, 0o755));
afterEach(() => vi.restoreAllMocks());

function from(peer: Peer = PEER, signal: AbortSignal = new AbortController().signal) {
  return { peer, signal };
}

async function read(printed: Printed | undefined): Promise<string | undefined> {
  if (typeof printed !== "object") return printed;
  let text = "";
  for await (const piece of printed) text += piece;
  return text;
}

function open(printed: Printed | undefined): AsyncIterator<string> {
  if (typeof printed !== "object") throw new Error(`Nothing was printed: ${JSON.stringify(printed)}`);
  return printed[Symbol.asyncIterator]();
}

function writeProgram(path: string, body: string, mode = 0o755): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, mode);
}

/** A folder with these programs, and what runs them. */
function serve(bodies: Readonly<Record<string, string>>, options?: ProgramsOptions) {
  const folder = freshPath();
  mkdirSync(folder, { mode: 0o755 });
  for (const [name, body] of Object.entries(bodies)) writeProgram(join(folder, name), body);
  return { folder, programs: createPrograms({ folder, user: USER, ...options }) };
}

/** A folder that those whom programs run as may write to. */
function openFolder(): string {
  const folder = freshPath();
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  return folder;
}

describe("a program of the folder", () => {
  it("gets the arguments of efingerd", async () => {
    const { programs } = serve({ list: ARGUMENTS, luser: ARGUMENTS, nouser: ARGUMENTS });
    expect(await read(await programs.list(from()))).toBe("2 (null) 192.0.2.7\n");
    expect(await read(await programs.user(ALICE, from()))).toBe("3 (null) 192.0.2.7 alice\n");
    expect(await read(await programs.nobody("a b;`id` $(id)", from()))).toBe("3 (null) 192.0.2.7 a_b__id____id_\n");
  });

  const PEERS: ReadonlyArray<readonly [address: string | undefined, word: string, why: string]> = [
    ["2001:db8::7", "2001:db8::7", "an address of IPv6 is one"],
    [undefined, "(null)", "a pipe has none"],
    ["", "(null)", "the peer has gone"],
    ["-rf", "(null)", "what is no address may be an option"],
    ["192.0.2.7; id", "(null)", "or anything"],
  ];
  it.each(PEERS)("gets of the peer %j the word %j: %s", async (address, word) => {
    const { programs } = serve({ list: `echo "$2"` });
    expect(await read(await programs.list(from({ address, port: undefined })))).toBe(`${word}\n`);
  });

  it.each(["-l", "--", ""])("is not run for %j, which is an option or nothing", async (name) => {
    const { programs } = serve({ luser: ARGUMENTS, nouser: ARGUMENTS });
    expect(await programs.nobody(name, from())).toBeUndefined();
    expect(await programs.user({ ...ALICE, login: name }, from())).toBeUndefined();
  });

  it("is not run for a login that is no argument", async () => {
    const { programs } = serve({ luser: ARGUMENTS });
    expect(await programs.user({ ...ALICE, login: "a\0b" }, from())).toBeUndefined();
  });

  it("has nothing of ours", async () => {
    vi.stubEnv("SECRET", "of ours");
    const { programs } = serve({ list: "cat; pwd; env | sort" });
    const variables = "LANG=C.UTF-8\nPATH=[^\n]+\nPWD=/\n";
    expect(await read(await programs.list(from()))).toMatch(new RegExp(`^/\n${variables}$`));
    vi.unstubAllEnvs();
  });

  it("that is not there is not run, but is as soon as it is there", async () => {
    const { programs, folder } = serve({});
    expect(await programs.list(from())).toBeUndefined();
    expect(await createPrograms().list(from())).toBeUndefined();
    expect(await createPrograms({ folder: join(folder, "none") }).nobody("x", from())).toBeUndefined();
    writeProgram(join(folder, "list"), "echo here");
    expect(await read(await programs.list(from()))).toBe("here\n");
  });

  const OUTCOMES: ReadonlyArray<readonly [body: string, text: string, why: string]> = [
    ["exit 0", "", "nothing is an answer, too"],
    ["echo a; exit 3", "a\n", "the last command of a script may have been a question"],
    ["echo a; echo secret >&2", "a\n", "what is said on stderr is not for the peer"],
    ["printf 'caf\\303\\251 caf\\351\\r\\n'", "café café\n", "scripts are as old as their encodings"],
  ];
  it.each(OUTCOMES)("that does %j answers %j: %s", async (body, text) => {
    expect(await read(await serve({ list: body }).programs.list(from()))).toBe(text);
  });

  it("that fails without a word is a failure, of which the error tells", async () => {
    const { programs, folder } = serve({ list: "echo why >&2; exit 3" });
    const said = 'exited with code 3 and said "why" on stderr; run it as its user to see why.';
    await expect(programs.list(from())).rejects.toMatchObject({
      code: "ERR_FINGER_PROVIDER",
      message: `${folder}/list ${said}`,
    });
  });

  type Refusal = readonly [why: string, spoil: (path: string, folder: string) => void, message: RegExp];
  const ITS_MODE = /^The program (\S+) is not run: it has the mode 0757, .* Mend that with chmod go-w \1\.$/;
  const modeOfFolder = (mode: string) =>
    new RegExp(`^The programs of (\\S+) are not run: the folder has the mode ${mode}, .* with chmod go-w \\1\\.$`);
  const REFUSED: readonly Refusal[] = [
    ["everybody may write to it", (path) => chmodSync(path, 0o757), ITS_MODE],
    [
      "a group may write to it",
      (path) => chmodSync(path, 0o775),
      /it has the mode 0775, by which others may write to it/,
    ],
    [
      "a link leads to one that everybody may write to",
      (path) => [renameSync(path, `${path}-`), symlinkSync(`${path}-`, path), chmodSync(`${path}-`, 0o757)],
      ITS_MODE,
    ],
    ["everybody may put one there", (_path, folder) => chmodSync(folder, 0o777), modeOfFolder("0777")],
    ["a group may put one there", (_path, folder) => chmodSync(folder, 0o775), modeOfFolder("0775")],
    ["everybody may, but not take one away", (_path, folder) => chmodSync(folder, 0o1777), modeOfFolder("1777")],
    [
      "it is a folder",
      (path) => [renameSync(path, `${path}-`), mkdirSync(path)],
      /^The program \S+ is no file, and not run\./,
    ],
    ["nobody may run it", (path) => chmodSync(path, 0o644), /Cannot run .*EACCES/],
  ];
  it.each(REFUSED)("is not run when %s", async (_why, spoil, message) => {
    const { programs, folder } = serve({ list: "echo here" });
    spoil(join(folder, "list"), folder);
    await expect(programs.list(from())).rejects.toMatchObject({ code: "ERR_FINGER_PROVIDER", message });
  });

  const OWNERS: ReadonlyArray<readonly [whose: string, at: "" | "list", message: RegExp]> = [
    ["a program", "list", /^The program (\S+list) is not run: it belongs to user 12345, .* with chown root \1\.$/],
    ["a folder", "", /^The programs of (\S+) are not run: the folder belongs to user 12345, .* with chown root \1\.$/],
  ];
  it.runIf(IS_ROOT).each(OWNERS)("is not run when %s is another user's", async (_whose, at, message) => {
    for (const user of [USER, 12345]) {
      const { programs, folder } = serve({ list: "echo here" }, { user });
      chownSync(join(folder, at), 12345, 0);
      await expect(programs.list(from())).rejects.toMatchObject({ code: "ERR_FINGER_PROVIDER", message });
    }
  });

  it.runIf(IS_ROOT)(
    "is run when it is the server's own, or root's, and so is what a link of theirs leads to",
    async () => {
      const { programs, folder } = serve({ list: "echo here" });
      const path = join(folder, "list");
      renameSync(path, `${path}-`);
      symlinkSync(`${path}-`, path);
      vi.spyOn(process, "geteuid").mockReturnValue(12345);
      for (const [uid, place] of [
        [12345, path],
        [0, folder],
        [12345, folder],
      ] as const) {
        chownSync(place, uid, 0);
        expect(await read(await programs.list(from()))).toBe("here\n");
      }
    },
  );

  it.each([...(IS_ROOT ? [undefined] : []), 0, "root"])("is not run by root, when the user is %j", async (user) => {
    const { programs } = serve({ list: "id" }, { user });
    await expect(programs.list(from())).rejects.toThrow(/^The program \S+ is not run by root\. Give the option user/);
  });

  it.runIf(IS_ROOT)("runs as the user of the option, in the group of the option alone", async () => {
    const { programs } = serve({ list: "id -u; id -G; grep ^CapEff /proc/$$/status" }, { user: "nobody", group: 12 });
    expect(await read(await programs.list(from()))).toBe("65534\n12\nCapEff:\t0000000000000000\n");
  });

  it("is cut off, and turned away where too many wait", async () => {
    expect(await read(await serve({ list: "yes" }, { maxBytes: 4 }).programs.list(from()))).toBe(
      "y\ny\n[The rest is cut off: it is longer than 4 bytes.]\n",
    );
    const { programs } = serve({ list: "echo; sleep 1000" }, { concurrency: 1, queue: 0 });
    const stream = open(await programs.list(from()));
    await stream.next();
    await expect(programs.list(from())).rejects.toThrow("Too many programs of the folder run at the moment.");
    await stream.return?.();
  });
});

describe("an option that is wrong", () => {
  const WRONG: ReadonlyArray<readonly [options: object, message: RegExp]> = [
    [{ folder: "efingerd" }, /folder must be an absolute path, but is "efingerd"/],
    [{ home: "yes" }, /home must be a boolean, but is "yes"/],
    [{ minUid: -1 }, /minUid must be a whole number from 0/],
    [{ timeout: 0 }, /timeout must/],
    [{ maxBytes: 1.5 }, /maxBytes must/],
    [{ concurrency: 0 }, /concurrency must/],
    [{ queue: -1 }, /queue must/],
  ];
  it.each(WRONG)("is told: %o", (options, message) => {
    expect(() => createPrograms(options)).toThrow(message);
  });

  it("is that of the homes where nobody can become their users", () => {
    vi.spyOn(process, "geteuid").mockReturnValue(1000);
    expect(() => createPrograms({ home: true })).toThrow(
      expect.objectContaining({ code: "ERR_FINGER_CONFIG", message: expect.stringMatching(/only .* root can|takes/) }),
    );
  });
});

/** Needs accounts of this machine, as groups are looked up; every Linux has these. */
describe.runIf(IS_ROOT && process.platform === "linux")("~/.efingerd", () => {
  const NOBODY = { login: "nobody", uid: 65534, gid: 65534 };
  const DAEMON = { login: "daemon", uid: 1, gid: 1 };

  function makeHome(body: string, who = NOBODY): Account {
    const directory = freshPath();
    mkdirSync(directory);
    writeProgram(join(directory, ".efingerd"), body);
    for (const path of [directory, join(directory, ".efingerd")]) chownSync(path, who.uid, who.gid);
    return { ...ALICE, ...who, directory };
  }

  function serveHomes(options?: ProgramsOptions) {
    const onError = vi.fn();
    return { onError, ...serve({ luser: "echo luser" }, { home: true, onError, ...options }) };
  }

  it("is run in place of luser, as its user and with nothing more", async () => {
    vi.stubEnv("SECRET", "of ours");
    const { programs, onError } = serveHomes();
    const account = makeHome(`${ARGUMENTS}
      cat; pwd; env | sort | grep -v ^PATH; id -u; id -g; id -G
      grep -E '^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs)' /proc/$$/status
      [ $(ps -o pgid= -p $$) -eq $$ ] && echo leads`);
    const { directory } = account;
    expect((await read(await programs.user(account, from())))?.split("\n")).toEqual([
      "3 (null) 192.0.2.7 nobody",
      directory,
      `HOME=${directory}`,
      "LANG=C.UTF-8",
      "LOGNAME=nobody",
      `PWD=${directory}`,
      "USER=nobody",
      ...["65534", "65534", "65534"],
      "Uid:\t65534\t65534\t65534\t65534",
      "Gid:\t65534\t65534\t65534\t65534",
      "Groups:\t65534 ",
      ...["CapInh", "CapPrm", "CapEff", "CapAmb"].map((name) => `${name}:\t0000000000000000`),
      "NoNewPrivs:\t1",
      "leads",
      "",
    ]);
    expect(onError).not.toHaveBeenCalled();
    vi.unstubAllEnvs();
  });

  it("has no home that is taken for a variable, or an option", async () => {
    const account = makeHome("pwd");
    const directory = `${account.directory}-A=B -x`;
    renameSync(account.directory, directory);
    expect(await read(await serveHomes().programs.user({ ...account, directory }, from()))).toBe(`${directory}\n`);
  });

  const ABSENT: ReadonlyArray<readonly [why: string, options: ProgramsOptions, spoil: (path: string) => void]> = [
    ["it is not there", {}, (path) => renameSync(path, `${path}-`)],
    ["its owner may not run it", {}, (path) => chmodSync(path, 0o644)],
    ["homes are not looked into", { home: false }, () => {}],
  ];
  it.each(ABSENT)("leaves it to luser when %s", async (_why, options, spoil) => {
    const { programs, onError } = serveHomes(options);
    const account = makeHome("echo own");
    spoil(join(account.directory, ".efingerd"));
    expect(await read(await programs.user(account, from()))).toBe("luser\n");
    expect(onError).not.toHaveBeenCalled();
  });

  const home = (path: string) => join(path, "..");
  const DOUBTS: ReadonlyArray<readonly [doubt: RegExp, spoil: (path: string) => unknown]> = [
    [/others may write to it/, (path) => chmodSync(path, 0o775)],
    [/others may write to it/, (path) => chmodSync(path, 0o757)],
    [/it is another user's/, (path) => chownSync(path, 0, 0)],
    [/several links/, (path) => linkSync(path, `${path}-`)],
    [/a link or no file/, (path) => [renameSync(path, `${path}-`), symlinkSync(`${path}-`, path)]],
    [/a link or no file/, (path) => [renameSync(path, `${path}-`), mkdirSync(path)]],
    [/others may write to the home/, (path) => chmodSync(home(path), 0o777)],
    [/others may write to the home/, (path) => chmodSync(home(path), 0o1777)],
    [/others may write to the home/, (path) => chmodSync(home(path), 0o770)],
    [/the home is another user's/, (path) => chownSync(home(path), 1, 1)],
  ];
  it.each(DOUBTS)("is not run, and the operator told once: %s", async (doubt, spoil) => {
    const { programs, onError } = serveHomes();
    const account = makeHome("echo own");
    spoil(join(account.directory, ".efingerd"));
    for (let times = 0; times < 2; times++) expect(await read(await programs.user(account, from()))).toBe("luser\n");
    expect(onError.mock.calls).toEqual([[expect.objectContaining({ message: expect.stringMatching(doubt) })]]);
  });

  it("is run where a link leads to the home", async () => {
    const { programs, onError } = serveHomes();
    const account = makeHome("echo own");
    renameSync(account.directory, `${account.directory}-`);
    symlinkSync(`${account.directory}-`, account.directory);
    expect(await read(await programs.user(account, from()))).toBe("own\n");
    expect(onError).not.toHaveBeenCalled();
  });

  const NUMBERS: ReadonlyArray<readonly [uid: number, minUid: number]> = [
    [0, 1],
    [1, 1000],
    [65534, 65535],
  ];
  it.each(NUMBERS)("of user %i is not run where the first is %i", async (uid, minUid) => {
    const { programs, onError } = serveHomes({ minUid });
    const account = makeHome("id", { login: "someone", uid, gid: uid });
    expect(await read(await programs.user(account, from()))).toBe("luser\n");
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: expect.stringContaining(`the number ${uid}, and the first`) }),
    );
  });

  it("is not run by a server that is root no more", async () => {
    const { programs, onError } = serveHomes();
    vi.spyOn(process, "geteuid").mockReturnValue(1000);
    expect(await read(await programs.user(makeHome("id"), from()))).toBe("luser\n");
    expect(String(onError.mock.lastCall)).toMatch(/only a server that runs as root/);
  });

  const FAILURES: ReadonlyArray<readonly [body: string, message: RegExp, why: string]> = [
    ["echo why >&2; exit 3", /\.efingerd exited with code 3 and said "why"/, "it fails"],
    ["kill -9 $$", /\.efingerd was ended by SIGKILL/, "it is ended"],
    ["sleep 1000", /\.efingerd did not end within 200 ms/, "it takes too long"],
  ];
  it.each(FAILURES)("that does %j answers nothing, and the operator is told once: %s", async (body, message) => {
    const { programs, onError } = serveHomes({ timeout: 200 });
    const account = makeHome(body);
    for (let times = 0; times < 2; times++) expect(await read(await programs.user(account, from()))).toBe("");
    expect(onError.mock.calls).toEqual([[expect.objectContaining({ message: expect.stringMatching(message) })]]);
  });

  it("of a user without an entry is not run, as the groups of the user are not known", async () => {
    const { programs, onError } = serveHomes();
    const account = makeHome("id", { login: "someone", uid: 54321, gid: 54321 });
    expect(await read(await programs.user(account, from()))).toBe("");
    expect(String(onError.mock.lastCall)).toMatch(/exited with code 1 and said .*54321 not found/);
  });

  it("gains no right from a program that has some", async () => {
    const id = freshPath();
    copyFileSync("/usr/bin/id", id);
    chmodSync(id, 0o4755);
    expect(await read(await serveHomes().programs.user(makeHome(`${id} -u`), from()))).toBe("65534\n");
  });

  it("ends with all that it started when its time is over", async () => {
    const { programs } = serveHomes({ timeout: 500 });
    const stream = open(await programs.user(makeHome("sleep 1000 & echo $$ $!; wait"), from()));
    const pids = toNumbers(await nextText(stream as AsyncGenerator<string>));
    await expect(stream.next()).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
    await haveEnded(pids);
  });

  it("ends with all that it started when the peer leaves, though it is deaf to that", async () => {
    const { programs } = serveHomes();
    const peer = new AbortController();
    const body = "trap '' TERM; sleep 1000 & echo $$ $!; while :; do sleep 1000; done";
    const stream = open(await programs.user(makeHome(body), from(PEER, peer.signal)));
    const pids = toNumbers(await nextText(stream as AsyncGenerator<string>));
    peer.abort();
    await expect(stream.next()).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
    await haveEnded(pids);
  });

  it("leaves nobody behind in its group", async () => {
    const text = await read(await serveHomes().programs.user(makeHome("sleep 1000 & echo $!"), from()));
    await haveEnded(toNumbers(text ?? ""));
  });

  it("is cut off at 64 KiB, and what prints it ends", async () => {
    const folder = openFolder();
    const text = await read(
      await serveHomes().programs.user(makeHome(`sleep 1000 & echo $$ $! >${folder}/pids; yes`), from()),
    );
    expect(text?.length).toBe(65_536 + "[The rest is cut off: it is longer than 65536 bytes.]\n".length);
    await haveEnded(await readNumbers(`${folder}/pids`));
  });

  it("runs once at a time for each user, and others do not wait for it", async () => {
    const folder = openFolder();
    const { programs } = serveHomes({ minUid: 1 });
    const account = makeHome(`echo $$ >>${folder}/began; ${awaitFile(`${folder}/go`)}; echo own`);
    const answers = Array.from({ length: 9 }, () => programs.user(account, from()).then(read));
    const [pid = 0] = await readNumbers(`${folder}/began`);
    await expect(programs.user(account, from())).rejects.toThrow("Too many lookups wait for the program of user 65534");
    expect(await read(await programs.user(makeHome("echo other", DAEMON), from()))).toBe("other\n");
    expect([isRunning(pid), await readNumbers(`${folder}/began`)]).toEqual([true, [pid]]);
    writeFileSync(`${folder}/go`, "");
    expect(await Promise.all(answers)).toEqual(Array(9).fill("own\n"));
    await eventually(() => !isRunning(pid));
  });
});
