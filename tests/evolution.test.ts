import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  lchownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setStatus } from "finger-client";
import { createScriptedServer } from "finger-client/testing";
import { describe, expect, it } from "vitest";
import { repository } from "./peers/support/network.js";
import { FOLDER, makeFolder, type Running, start } from "./support/chapter.js";
import { exchange, listenWith } from "./support/sockets.js";

const chapters = readdirSync(FOLDER).flatMap((file) => (file.endsWith(".mjs") ? [file.slice(0, -4)] : []));

/** A chapter with a setter. */
interface Setting extends Running {
  readonly setter: number;
  /** Sends bytes to the setter, and the end, and resolves to what it says. */
  readonly set: (bytes: string) => Promise<string>;
  /** Resolves to what the finger server says. */
  readonly ask: (name: string) => Promise<string>;
  /** Ends it by a signal, and resolves to its exit code. */
  readonly end: (signal: "SIGTERM" | "SIGKILL") => Promise<number | null>;
}

/** Runs a chapter that has a setter, too. */
async function startSetting(chapter: string, ...args: string[]): Promise<Setting> {
  const chapterRuns = await start(chapter, ...args);
  const { child, port, printed } = chapterRuns;
  const setter = Number(await printed(/^Setting on 127\.0\.0\.1:(\d+)$/m));
  return {
    ...chapterRuns,
    setter,
    set: (bytes) => exchange(setter, [bytes], { halfClose: true }),
    ask: (name) => exchange(port, [`${name}\r\n`]),
    async end(signal) {
      const closed = once(child, "close");
      child.kill(signal);
      const [code] = await closed;
      return code;
    },
  };
}

describe("chapter 2, refuse connections", () => {
  it.skipIf(process.platform !== "linux")("listens on nothing", async () => {
    const { child, line } = await start("02-refuse-connections");
    expect(line).toBe("Nothing listens.");
    const sockets = readdirSync(`/proc/${child.pid}/fd`).map((fd) => {
      try {
        return /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/${child.pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined; // closed meanwhile
      }
    });
    const listening = ["tcp", "tcp6"].flatMap((table) =>
      readFileSync(`/proc/${child.pid}/net/${table}`, "utf8")
        .split("\n")
        .map((row) => row.trim().split(/\s+/))
        .filter((row) => row[3] === "0A"),
    );
    expect(listening.filter((row) => sockets.includes(row[9]))).toEqual([]);
  });
});

describe("chapter 3, do nothing", () => {
  it("accepts a connection, and says nothing", async () => {
    const { child, port } = await start("03-do-nothing");
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
    });
    socket.on("error", () => {});
    await once(socket, "connect");
    await new Promise((resolve) => socket.write("moshez\r\n", resolve));
    // A second connection that is refused its query shows that the server has long seen the first.
    expect(await exchange(port, ["a@\r\n"])).toContain("Finger query refused");
    child.kill();
    await once(socket, "close");
    expect(received).toBe("");
  });
});

describe("chapter 5, read a name, and drop", () => {
  it("does nothing before the line ends", async () => {
    const { port } = await start("05-read-and-drop");
    const socket = connect(port, "127.0.0.1");
    let events = "";
    socket.on("data", () => {
      events += "data ";
    });
    socket.on("end", () => {
      events += "end";
    });
    await new Promise((resolve) => socket.write("mos", resolve));
    // What comes second is served, and ended, while the first still waits.
    expect(await exchange(port, ["moshez\r\n"])).toBe("");
    expect(events).toBe("");
    const ended = once(socket, "end");
    socket.write("hez\r\n");
    await ended;
    expect(events).toBe("end");
  });
});

describe("chapter 9, promises", () => {
  it("tells onError alone why a lookup failed", async () => {
    const { port, printed } = await start("09-promises");
    expect(await exchange(port, ["shawn\r\n"])).toBe("Internal error in server\r\n");
    await printed(/^Not for the peer: Error: The database is on fire\.$/m);
  });

  it("sends a stream while it is made, and tells its maker that the peer has gone", async () => {
    const { port, printed } = await start("09-promises");
    const socket = connect(port, "127.0.0.1");
    socket.write("build\r\n");
    const [first] = await once(socket, "data");
    socket.destroy();
    expect(String(first)).toMatch(/^Fetched\.\r\n/);
    await printed(/^Nobody reads the log any more\.$/m);
  });
});

describe("chapter 11, status from the web", () => {
  it("asks no private address, and tells the operator of it, not the peer", async () => {
    let connections = 0;
    const web = await listenWith((socket) => {
      connections++;
      socket.end("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nsecret");
    });
    const { port } = await start("11-status-from-the-web", `http://127.0.0.1:${web.port}/{name}`);
    expect(await exchange(port, ["moshez\r\n"])).toBe("Internal error in server\r\n");
    expect(connections).toBe(0);
    web.server.close();
  });
});

const SETTINGS: ReadonlyArray<readonly [sent: string, says: string, then: string, why: string]> = [
  ["moshez\r\nHappy and well\r\n", "OK\r\n", "Happy and well\r\n", "as the original had it"],
  ["moshez\nHappy and well\n", "OK\r\n", "Happy and well\r\n", "as nc sends it"],
  ["moshez\nHappy and well", "OK\r\n", "Happy and well\r\n", "the last line need not end"],
  ["moshez\r\nHappy\r\nand well\r\n", "OK\r\n", "Happy\r\nand well\r\n", "a status may have several lines"],
  [
    "moshez\nHappy \u001b[2J\n",
    "Refused: there is a control character in it, 0x1b.\r\n",
    "finger: moshez: no such user.\r\n",
    "a status commands no terminal",
  ],
  [
    "moshez",
    "Refused: there is no status; it stands on the lines behind the first.\r\n",
    "finger: moshez: no such user.\r\n",
    "half is nothing",
  ],
  [
    "moshez t0ken\nHappy\n",
    "Refused: that is not the token of moshez.\r\n",
    "finger: moshez: no such user.\r\n",
    "he has none",
  ],
];

describe("chapter 14, setting messages", () => {
  it.each(SETTINGS)("is sent %j and says %j, and then finger %j: %s", async (sent, says, then) => {
    const { set, ask } = await startSetting("14-setting-messages", makeFolder());
    expect(await set(sent)).toBe(says);
    expect(await ask("moshez")).toBe(then);
  });

  it("keeps what it has said OK to, when it is killed", async () => {
    const folder = makeFolder();
    const first = await startSetting("14-setting-messages", folder);
    await setStatus(`moshez@127.0.0.1:${first.setter}`, "Happy and well");
    await first.end("SIGKILL");
    const second = await startSetting("14-setting-messages", folder);
    expect(await second.ask("moshez")).toBe("Happy and well\r\n");
  });

  it("takes one of two that are set at once, and both when they are of two", async () => {
    const { setter, ask } = await startSetting("14-setting-messages", makeFolder());
    const set = (login: string, status: string) => setStatus(`${login}@127.0.0.1:${setter}`, status);
    await Promise.all([set("moshez", "Here"), set("moshez", "There"), set("shawn", "alive")]);
    expect(["Here\r\n", "There\r\n"]).toContain(await ask("moshez"));
    expect(await ask("shawn")).toBe("alive\r\n");
  });

  it("sets nothing for who breaks off, and tells the operator so", async () => {
    const { setter, set, ask, printed } = await startSetting("14-setting-messages", makeFolder());
    await set("moshez\nHappy and well\n");
    const socket = connect(setter, "127.0.0.1");
    await new Promise((resolve) => socket.write("moshez\nBusy\n", resolve));
    // What comes second is answered, so that the first was read.
    await set("shawn\nalive\n");
    socket.resetAndDestroy();
    await printed(/^Status of : aborted$/m);
    expect(await ask("moshez")).toBe("Happy and well\r\n");
  });

  it("tells the client why it refuses", async () => {
    const { setter } = await startSetting("14-setting-messages", makeFolder());
    await expect(setStatus(`moshez@127.0.0.1:${setter}`, "Happy", { token: "t0ken" })).rejects.toMatchObject({
      code: "ERR_FINGER_REFUSED",
      message: "The status of moshez is not set: Refused: that is not the token of moshez.",
    });
  });
});

describe.skipIf(process.platform === "win32")("chapter 15, services", () => {
  it("tells by all fronts what was set by one", async () => {
    const { set, ask, printed } = await startSetting("15-services", makeFolder());
    expect(await set("moshez\r\nHappy and well\r\n")).toBe("OK\r\n");
    expect(await ask("moshez")).toBe("Happy and well\r\n");
    await printed(/^News of moshez$/m);
  });

  it("ends at a signal, and tells who has not come to the end that nothing is stored", async () => {
    const folder = makeFolder();
    const first = await startSetting("15-services", folder);
    await first.set("moshez\nHappy and well\n");
    const socket = connect(first.setter, "127.0.0.1");
    const answer = text(socket);
    await new Promise((resolve) => socket.write("moshez\nBusy\n", resolve));
    await first.set("shawn\nalive\n");
    expect(await first.end("SIGTERM")).toBe(0);
    expect(await answer).toBe("Not stored: the setter is closing.\r\n");
    await first.printed(/^All is ended\.$/m);
    const second = await startSetting("15-services", folder);
    expect(await second.ask("moshez")).toBe("Happy and well\r\n");
    expect(await second.ask("shawn")).toBe("alive\r\n");
  });

  it("loses nothing that it has said OK to when it is ended in the middle", async () => {
    const folder = makeFolder();
    const first = await startSetting("15-services", folder);
    const kept: string[] = [];
    const settings = Array.from({ length: 30 }, async (_, n) => {
      await setStatus(`user${n}@127.0.0.1:${first.setter}`, "Here");
      kept.push(`user${n}`);
    });
    await Promise.any(settings);
    expect(await first.end("SIGTERM")).toBe(0);
    await Promise.allSettled(settings);
    const second = await startSetting("15-services", folder);
    const listed = (await second.ask("")).split("\r\n").map((row) => row.split(" ")[0]);
    expect(listed).toEqual(expect.arrayContaining(kept));
  });

  it("ends what has started when something cannot", async () => {
    const path = join(makeFolder(), "file");
    writeFileSync(path, "no folder");
    const { child, printed } = await start("15-services", path);
    await printed(/^All is ended\.$/m);
    await printed(/ERR_FINGER_STORE/);
    if (child.exitCode === null) await once(child, "close");
    expect(child.exitCode).toBe(1);
  });
});

describe("chapter 16, a users file", () => {
  const write = (path: string, text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };

  it("answers a change, and forgets who is gone", async () => {
    const path = join(makeFolder(), "users");
    write(path, "moshez: Happy and well\nshawn: alive\n");
    const { port, printed } = await start("16-users-file", path);
    expect(await exchange(port, ["\r\n"])).toBe("Login   Status\r\nmoshez  Happy and well\r\nshawn   alive\r\n");
    write(path, "moshez: Busy\n");
    await printed(/^News of moshez$/m);
    await printed(/^News of shawn$/m);
    expect(await exchange(port, ["moshez\r\n"])).toBe("Busy\r\n");
    expect(await exchange(port, ["shawn\r\n"])).toBe("finger: shawn: no such user.\r\n");
  });

  it("tells of a bad line, keeps the last good users, and goes on reading", async () => {
    const path = join(makeFolder(), "users");
    write(path, "moshez: Happy and well\n");
    const { port, printed } = await start("16-users-file", path);
    write(path, "moshez: Busy\nno colon here\n");
    await printed(/line 2: "no colon here" cannot be read/);
    expect(await exchange(port, ["moshez\r\n"])).toBe("Happy and well\r\n");
    write(path, "moshez: Mended\n");
    await printed(/^News of moshez$/m);
    expect(await exchange(port, ["moshez\r\n"])).toBe("Mended\r\n");
  });

  it("does not start with a bad line", async () => {
    const path = join(makeFolder(), "users");
    write(path, "no colon here\n");
    await expect(start("16-users-file", path).then(({ printed }) => printed(/^Listening/m))).rejects.toThrow("line 1");
  });
});

describe("chapter 21, interfaces", () => {
  it("sets a status with the token of its login alone, and writes it down", async () => {
    const { setter, set, ask, printed } = await startSetting("21-interfaces");
    const token = await printed(/^The token of moshez is (\S+)$/m);
    expect(await set("moshez\nBusy\n")).toBe("Refused: it takes the token of moshez.\r\n");
    expect(await set(`shawn ${token}\nBusy\n`)).toBe("Refused: that is not the token of shawn.\r\n");
    await setStatus(`moshez@127.0.0.1:${setter}`, "Happy and well", { token });
    expect(await ask("moshez")).toBe("Happy and well\r\n");
    await printed(/^"moshez" says "Happy and well"$/m);
  });

  it("tells the time, and lists those alone who said something", async () => {
    const { set, ask, printed } = await startSetting("21-interfaces");
    await set(`moshez ${await printed(/^The token of moshez is (\S+)$/m)}\nHappy and well\n`);
    expect(await ask("clock")).toMatch(/^It is \d{4}-\d\d-\d\dT[\d:.]+Z\.\r\n$/);
    expect(await ask("")).toBe("Login   Status\r\nmoshez  Happy and well\r\n");
  });
});

describe("chapter 22, back ends", () => {
  it("answers with what was set in front of what the file says, and the rest of the record", async () => {
    const { set, ask } = await startSetting("22-back-ends");
    expect(await set("alice\nOn the train\n")).toBe("OK\r\n");
    expect(await ask("alice")).toBe(`On the train\r\n\r\n${ALICE}Plan:\r\nLearn to juggle.\r\n`);
    expect(await set("nobody\nHere\n")).toBe("OK\r\n");
    expect(await ask("nobody")).toBe("Here\r\n");
  });

  it("lists everybody once", async () => {
    const path = join(makeFolder(), "users");
    writeFileSync(path, "alice: Happy and well\nbob: Out\n");
    const { port } = await start("22-back-ends", path);
    const rows = (await exchange(port, ["\r\n"])).trimEnd().split("\r\n");
    expect(rows.slice(1).map((row) => row.split(" ")[0])).toEqual(["motd", "alice", "bob", "carol"]);
  });
});

describe.skipIf(process.platform === "win32")("chapter 23, another back end", () => {
  it("asks the program, and remembers what it said", async () => {
    const { port } = await start("23-another-back-end");
    const greeting = await exchange(port, ["greet:moshez\r\n"]);
    expect(greeting).toMatch(/^Process \d+ greets moshez\r\n$/);
    expect(await exchange(port, ["greet:moshez\r\n"])).toBe(greeting);
  });

  it.each([
    ["greet:-p", /^Process \d+ greets -p\r\n$/, "an option is a name like any other"],
    ["hello", /^Process \d+ greets world\r\n$/, "an alias leads to a route"],
  ])("answers %j with %s: %s", async (query, answer) => {
    const { port } = await start("23-another-back-end");
    expect(await exchange(port, [`${query}\r\n`])).toMatch(answer);
  });
});

describe("chapter 24, plans", () => {
  it("takes no folder with a link that leads out of it", async () => {
    const [inside, outside] = [makeFolder(), makeFolder()];
    writeFileSync(join(outside, "secret"), "the password");
    writeFileSync(join(inside, "moshez"), "Happy and well");
    symlinkSync(join(outside, "secret"), join(inside, "shawn"));
    const { port, printed } = await start("24-plans", inside);
    expect(await exchange(port, ["shawn\r\n"])).toBe("Internal error in server\r\n");
    await printed(/its link leads out of the directory/);
  });

  /** Root, whose number is none of a person's, makes alice another; for others she has their own. */
  const uid = process.getuid?.() || 2000;

  describe.skipIf(process.platform === "win32" || uid < 1000 || uid > 60_000)("of an account", () => {
    /** Runs it on a machine where only alice has an account, with a home that is filled; resolves to what is said of her. */
    async function askOfAlice(fill: (home: string) => void): Promise<string> {
      const folder = makeFolder();
      const home = join(folder, "alice");
      mkdirSync(home);
      fill(home);
      for (const path of [home, ...readdirSync(home).map((name) => join(home, name))]) lchownSync(path, uid, -1);
      writeFileSync(join(folder, "passwd"), `alice:x:${uid}:${uid}:& Adams,,,:${home}:/bin/sh\n`);
      const { port } = await start("24-plans", "docs/evolution/plans", join(folder, "passwd"));
      return exchange(port, ["alice\r\n"]);
    }

    it("tells the name, and the plan of several lines", async () => {
      const answer = await askOfAlice((home) => writeFileSync(join(home, ".plan"), "Happy\nand well"));
      expect(answer).toMatch(/^Login: alice +\t+Name: Alice Adams\r\n/);
      expect(answer).toMatch(/Plan:\r\nHappy\r\nand well\r\n$/);
    });

    const REFUSED: ReadonlyArray<readonly [why: string, fill: (plan: string) => void]> = [
      ["a link, even to what all can read", (plan) => symlinkSync("/etc/passwd", plan)],
      ["the second link of another file", makeTwin],
      ["a FIFO", (plan) => execFileSync("mkfifo", [plan])],
      ["a folder", (plan) => mkdirSync(plan)],
    ];
    function makeTwin(plan: string): void {
      writeFileSync(`${plan}.secret`, "the password");
      linkSync(`${plan}.secret`, plan);
    }

    it.each(REFUSED)("shows no plan that is %s, and does not wait for it", async (_why, fill) => {
      const answer = await askOfAlice((home) => fill(join(home, ".plan")));
      expect(answer).toMatch(/^Login: alice /);
      expect(answer).toMatch(/No Plan\.\r\n$/);
    });

    it("answers who has a .nofinger as nobody is answered", async () => {
      const answer = await askOfAlice((home) => {
        writeFileSync(join(home, ".plan"), "Happy and well");
        writeFileSync(join(home, ".nofinger"), "");
      });
      expect(answer).toBe("finger: alice: no such user.\r\n");
    });
  });
});

describe("chapter 25, aspects", () => {
  it("tells of each query how it ended", async () => {
    const { port, printed } = await start("25-aspects");
    await exchange(port, ["alice\r\n"]);
    await printed(/^127\.0\.0\.1 asked for "alice": answered$/m);
    await exchange(port, ["bob\r\n"]);
    await printed(/^127\.0\.0\.1 asked for "bob": unknown$/m);
  });

  it("sends one away who asks more than four times at once", async () => {
    const { port } = await start("25-aspects");
    const answers = await Promise.all(Array.from({ length: 6 }, () => exchange(port, ["alice\r\n"])));
    const refused = answers.filter((answer) => answer.startsWith("Too many queries from your address"));
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(4);
  });
});

describe("chapter 29, the client", () => {
  /** Runs the client to its end. */
  async function ask(target: string): Promise<{ stdout: string; stderr: string; code: number }> {
    const child = spawn(process.execPath, [`${FOLDER}/29-client.mjs`, target], { cwd: repository("") });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return { stdout, stderr, code: Number(code) };
  }

  it("gets a reply whole, and as it comes", async () => {
    const { port } = await start("08-users");
    const { stdout, code } = await ask(`moshez@127.0.0.1:${port}`);
    expect(stdout).toMatch(
      new RegExp(`^Happy and well\n0 user\\(s\\), from port ${port}, in \\d+ ms\nHappy and well\n$`),
    );
    expect(code).toBe(0);
    expect((await ask(`shawn@127.0.0.1:${port}`)).stdout).toContain("1 user(s)");
  });

  it("says that nobody is there", async () => {
    const { port, server } = await listenWith(() => {});
    server.close();
    const { stderr, code } = await ask(`moshez@127.0.0.1:${port}`);
    expect(stderr).toMatch(/^ERR_FINGER_CONNECT: No finger server listens on 127\.0\.0\.1/);
    expect(code).toBe(1);
  });

  it("asks a server that does not know /W without it", async () => {
    await using server = await createScriptedServer({
      "/W moshez": "finger: /W: no such user.\r\n",
      moshez: "Happy and well\r\n",
    });
    expect((await ask(server.target("moshez"))).stdout).toMatch(/^Happy and well\n/);
    expect(server.queries).toEqual(["/W moshez", "moshez", "moshez"]);
  });
});

describe("chapter 29, a proxy", () => {
  it("asks through itself, as a client", async () => {
    const { printed } = await start("29-proxy");
    await printed(/^moshez: Happy and well\nCompiled\.\nTested\.\n/m);
  });
});

const ALICE = "Login: alice          \t\t\tName: Alice Adams\r\n";
const CAROL = "Login: carol          \t\t\tName: Carol Chu\r\n";
const MOSHE = "Login: moshez         \t\t\tName: Moshe\r\nPlan:\r\nWrite a finger server.\r\nThen write about it.\r\n";

const ANSWERS: ReadonlyArray<readonly [chapter: string, query: string, answer: string, why: string]> = [
  ["04-drop-connections", "", "", "the peer is turned away"],
  ["04-drop-connections", "moshez\r\n", "", "nothing is read"],
  ["05-read-and-drop", "moshez\r\n", "", "the answer is empty"],
  ["05-read-and-drop", "\n", "", "so is the refusal of a list"],
  ["06-output-error", "moshez\r\n", "No such user\r\n", "everybody is told so"],
  ["06-output-error", "\r\n", "No such user\r\n", "who asks for the list, too"],
  ["06-output-error", "moshez@host\r\n", "Finger forwarding service denied\r\n", "no provider has to refuse that"],
  ["07-empty-user-set", "moshez\r\n", "No such user\r\n", "there is nobody"],
  ["07-empty-user-set", "\r\n", "No one logged on.\r\n", "the list is empty"],
  ["08-users", "moshez\r\n", "Happy and well\r\n", "a status is the answer"],
  [
    "08-users",
    "shawn\r\n",
    "Login: shawn          \t\t\tName: Shawn\r\nPlan:\r\nWrite it down.\r\n",
    "a record is laid out",
  ],
  ["08-users", "constructor\r\n", "finger: constructor: no such user.\r\n", "what every object has is no user"],
  [
    "08-users",
    "\r\n",
    "Login   Name   Status\r\nmoshez         Happy and well\r\nshawn   Shawn\r\n",
    "both are listed",
  ],
  ["09-promises", "moshez\r\n", "Happy and well\r\n", "an answer may take time"],
  ["09-promises", "build\r\n", "Fetched.\r\nCompiled.\r\nTested.\r\n", "an answer may come in pieces"],
  ["09-promises", "nobody\r\n", "finger: nobody: no such user.\r\n", "a promise may be of nothing"],
  ["10-local-program", "no-such-user\r\n", "finger: no-such-user: no such user.\r\n", "id(1) does not know her"],
  ["10-local-program", "--help\r\n", "finger: --help: no such user.\r\n", "a name is no option"],
  ["10-local-program", "$(id)\r\n", "finger: $(id): no such user.\r\n", "a name meets no shell"],
  ["10-local-program", "root@localhost\r\n", "Finger forwarding service denied\r\n", "a name is no host"],
  ["11-status-from-the-web", "moshez\r\n", "Happy & well\r\n", "HTML is told as text"],
  ["11-status-from-the-web", "nobody\r\n", "finger: nobody: no such user.\r\n", "no page is no user"],
  ["11-status-from-the-web", "x/../~moshez\r\n", "finger: x/../~moshez: no such user.\r\n", "a name is no path"],
  ["11-status-from-the-web", "moshez#x\r\n", "finger: moshez#x: no such user.\r\n", "a name ends no URL"],
  ["16-users-file", "moshez\r\n", "Happy and well\r\n", "the file of the examples has him"],
  ["21-interfaces", "moshez\r\n", "finger: moshez: no such user.\r\n", "nobody has said anything"],
  ["22-back-ends", "alice\r\n", `Happy and well\r\n\r\n${ALICE}Plan:\r\nLearn to juggle.\r\n`, "both know of her"],
  ["22-back-ends", "carol\r\n", `On the train\r\n\r\n${CAROL}`, "she is in memory alone"],
  ["22-back-ends", "shawn\r\n", "alive\r\n", "he is in the file alone"],
  ["22-back-ends", "motd\r\n", "Maintenance at noon.\r\n", "notices are asked first"],
  ["23-another-back-end", "root\r\n", "Happy and well\r\n", "an alias leads to a user"],
  ["23-another-back-end", "greet\r\n", "finger: greet: no such user.\r\n", "the program is asked for nobody"],
  ["24-plans", "moshez\r\n", `Happy and well\r\n\r\n${MOSHE}`, "a plan has its lines"],
  ["24-plans", "shawn\r\n", "alive\r\n", "a text is a status"],
  ["24-plans", "../plans/shawn.txt\r\n", "finger: ../plans/shawn.txt: no such user.\r\n", "a name is no path"],
  ["25-aspects", "alice\r\n", `Happy and well\r\n\r\n${ALICE}`, "her telephone is not for everybody"],
  ["25-aspects", "bob\r\n", "finger: bob: no such user.\r\n", "he is hidden"],
  ["25-aspects", "\r\n", "Login  Name         Status\r\nalice  Alice Adams  Happy and well\r\n", "in the list as well"],
  ["29-proxy", "alice\r\n", "Here\r\n", "a name without a host is its own"],
  ["29-proxy", "moshez@127.0.0.1\r\n", "Happy and well\r\n", "the host is listed"],
  ["29-proxy", "build@127.0.0.1\r\n", "Compiled.\r\nTested.\r\n", "a stream is passed on"],
  ["29-proxy", "moshez@localhost\r\n", "Finger forwarding service denied\r\n", "that name is not listed"],
  ["29-proxy", "moshez@h1@127.0.0.1\r\n", "Finger forwarding service denied\r\n", "that is one host too many"],
];

describe("chapters that answer", () => {
  it.each(ANSWERS)("%s answers %j with %j: %s", async (chapter, query, answer) => {
    const { line, port } = await start(chapter);
    expect(line).toMatch(/^Listening on 127\.0\.0\.1:\d+$/);
    expect(await exchange(port, query === "" ? [] : [query])).toBe(answer);
  });
});

describe("chapter 10, a local program", () => {
  it("answers with what the program prints", async () => {
    const { port } = await start("10-local-program");
    expect(await exchange(port, ["root\r\n"])).toMatch(/^uid=0\(root\) gid=0\(.+\).*\r\n$/);
  });
});

describe("every chapter", () => {
  it.each(chapters)("%s shows its file as it is, and stands in the list", (chapter) => {
    const code = readFileSync(`${FOLDER}/${chapter}.mjs`, "utf8");
    expect(readFileSync(`${FOLDER}/${chapter}.md`, "utf8")).toContain(`\`\`\`js\n${code}\`\`\``);
    expect(readFileSync(`${FOLDER}/README.md`, "utf8")).toMatch(
      new RegExp(`\\(${chapter}\\.md\\) +\\| \\[${chapter}\\.mjs\\]\\(${chapter}\\.mjs\\)`),
    );
  });

  it("is built on our packages, and on what Node has, alone; chapter 26 is in an app of Express", () => {
    for (const chapter of chapters) {
      const imports = readFileSync(`${FOLDER}/${chapter}.mjs`, "utf8").matchAll(/from "([^"]+)"/g);
      for (const [, name] of imports) expect(`${chapter} ${name}`).toMatch(IMPORTS);
    }
  });
});

const IMPORTS = /^(\S+ (finger-(protocol|server|client|adapters-(?:http|irc))|node:[a-z_/]+)|26-templates express)$/;
