import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { IrcMessage } from "../irc/message.js";
import { createSession, type SessionOptions } from "./create-session.js";
import type { IrcSession } from "./session.js";
import { createMemoryNetwork, type MemoryNetwork } from "./testing/memory-network.js";
import type { OpenTransport } from "./transport.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const OPENING = ["CAP LS 302", "NICK bot", "USER finger 0 * :A finger server: say help"];
const WELCOME = [
  ":srv 001 bot :Welcome",
  ":srv 005 bot CASEMAPPING=ascii CHANTYPES=# NICKLEN=12 BOT=B :are supported",
  ":srv 376 bot :End",
];

interface Scene {
  readonly network: MemoryNetwork;
  readonly session: IrcSession;
  readonly heard: IrcMessage[];
  readonly told: unknown[];
}

async function open(options: Partial<SessionOptions> = {}, network = createMemoryNetwork()): Promise<Scene> {
  const heard: IrcMessage[] = [];
  const told: unknown[] = [];
  const given: SessionOptions = {
    server: { host: "irc.example" },
    nick: "bot",
    open: network.open,
    onError: (error) => told.push(error),
    ...options,
  };
  const session = createSession(given, (message) => void heard.push(message));
  await session.start();
  await turn();
  return { network, session, heard, told };
}

/** Opens, and is welcomed. */
async function enter(options: Partial<SessionOptions> = {}, network?: MemoryNetwork): Promise<Scene> {
  const scene = await open(options, network);
  scene.network.last.say(...WELCOME);
  await turn();
  return scene;
}

/** Has all come that is under way, and some time go by. */
async function turn(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

const codes = (told: readonly unknown[]) => told.map((error) => (error as { code?: string }).code ?? error);

describe("coming", () => {
  it("registers, says that it is a bot, and joins its channels", async () => {
    const { network, session } = await open({ channels: ["#a", "#b key"] });
    expect(network.last.take()).toEqual(OPENING);
    expect(session.nick).toBeUndefined();
    network.last.say(...WELCOME);
    await turn(20 * SECOND);
    expect(network.last.take()).toEqual(["MODE bot +B", "JOIN #b,#a key"]);
    expect(session.nick).toBe("bot");
    await session.stop();
  });

  it("joins after a while on a server that does not come to the end of its welcome", async () => {
    const { network, session } = await open({ channels: ["#a"] });
    network.last.say(":srv 001 bot :Welcome");
    await turn(9 * SECOND);
    expect(network.last.lines).toEqual(OPENING);
    await turn(10 * SECOND);
    expect(network.last.lines).toEqual([...OPENING, "JOIN #a"]);
    await session.stop();
  });

  it("answers a PING before it is welcomed, and after", async () => {
    const { network, session } = await open();
    network.last.say("PING :one two");
    await turn();
    network.last.say(...WELCOME, "PING three", "PING");
    await turn();
    expect(network.last.lines.filter((line) => line.startsWith("PONG"))).toEqual([
      "PONG :one two",
      "PONG three",
      "PONG :",
    ]);
    await session.stop();
  });

  it("gives up a server that does not welcome it in a minute", async () => {
    const { network, session, told } = await open();
    await turn(60 * SECOND);
    expect(codes(told)).toEqual(["ERR_FINGER_TIMEOUT"]);
    expect(network.last.isClosed).toBe(true);
    await turn(2 * SECOND);
    expect(network.connections).toHaveLength(2);
    await session.stop();
  });

  it("follows its nick, and takes the one back that it wanted", async () => {
    const { network, session } = await open();
    network.last.say(":srv 433 * bot :in use");
    await turn();
    network.last.say(":srv 001 bot_ :Welcome", ":srv 376 bot_ :End");
    await turn(65 * SECOND);
    expect(session.nick).toBe("bot_");
    expect(network.last.take().slice(OPENING.length)).toEqual(["NICK bot_", "ISON bot"]);
    network.last.say(":srv 303 bot_ :", ":bot_!f@h NICK :bot");
    await turn();
    expect(network.last.take()).toEqual(["NICK bot"]);
    expect(session.nick).toBe("bot");
    network.last.say(":BOT!f@h NICK Guest1", ":ada!a@b NICK other");
    await turn();
    expect(session.nick).toBe("Guest1");
    await session.stop();
  });

  it("does not ask for ever for a nick that is too long for the server", async () => {
    const { network, session } = await open({ nick: "finger-of-all-of-us" });
    network.last.say(":srv 001 finger-of-al :Welcome", ":srv 005 x NICKLEN=12 :are supported", ":srv 376 x :End");
    await turn(2 * MINUTE);
    expect(network.last.lines.filter((line) => /^(ISON|NICK)/.test(line))).toEqual(["NICK finger-of-all-of-us"]);
    await session.stop();
  });
});

describe("an account", () => {
  const account = { name: "ada", password: "secret" };

  it("is proved to NickServ where there is no SASL, before channels are joined", async () => {
    const { network, session, told } = await enter({ account, channels: ["#a"] });
    await turn(2 * SECOND);
    network.last.say(":srv 311 bot NickServ services services.example * :x", ":srv 313 bot NickServ :is a service");
    network.last.say(":srv 318 bot NickServ :End");
    await turn(4 * SECOND);
    expect(network.last.lines.slice(3)).toEqual([
      "MODE bot +B",
      "WHOIS NickServ",
      "PRIVMSG NickServ :IDENTIFY ada secret",
      "JOIN #a",
    ]);
    expect(told).toEqual([]);
    await session.stop();
  });

  it("is that of the nick that is wanted, whatever the bot is called meanwhile", async () => {
    const { network, session } = await open({ account: { password: "secret" } });
    network.last.say(":srv 433 * bot :in use");
    await turn();
    network.last.say(":srv 001 bot_ :Welcome", ":srv 376 bot_ :End");
    await turn(2 * SECOND);
    network.last.say(":srv 313 bot_ NickServ :is a service", ":srv 318 bot_ NickServ :End");
    await turn(4 * SECOND);
    expect(network.last.lines.at(-1)).toBe("PRIVMSG NickServ :IDENTIFY bot secret");
    await session.stop();
  });

  it("waits for no answers that are to be given before", async () => {
    const { network, session, told } = await open({ account });
    network.last.say(":srv 001 bot :Welcome");
    await turn();
    for (let count = 0; count < 100; count++) session.send("answer", "PRIVMSG", "ada", "hello");
    network.last.say(":srv 376 bot :End");
    await turn(4 * SECOND);
    expect(network.last.lines.slice(4, 6)).toEqual(["WHOIS NickServ", "PRIVMSG ada hello"]);
    expect(told).toEqual([]);
    await session.stop(AbortSignal.abort());
  });

  it("is proved to the service of ngIRCd, too", async () => {
    const { network, session } = await enter({ account });
    await turn(2 * SECOND);
    network.last.say(":srv 310 bot NickServ :is an IRC service", ":srv 318 bot NickServ :End");
    await turn(4 * SECOND);
    expect(network.last.lines.at(-1)).toBe("PRIVMSG NickServ :IDENTIFY ada secret");
    await session.stop();
  });

  it("is told of when NickServ does not take the password, and not when it does", async () => {
    const { network, session, told } = await enter({ account });
    await turn(2 * SECOND);
    network.last.say(":srv 313 bot NickServ :is a service", ":srv 318 bot NickServ :End");
    await turn(4 * SECOND);
    const notice = (text: string) => `:NickServ!n@services NOTICE bot :${text}`;
    network.last.say(notice("You are now identified for ada."), ":eve!e@h NOTICE bot :Invalid password.");
    await turn();
    expect(told).toEqual([]);
    network.last.say(notice("Invalid password for \x02ada\x02."));
    await turn();
    expect(told.map(String)).toEqual([
      "FingerError: The account of the bot is not proved: NickServ says: Invalid password for ada.",
    ]);
    await session.stop();
  });

  const STRANGERS: ReadonlyArray<readonly [why: string, lines: readonly string[]]> = [
    ["nobody is called NickServ", [":srv 401 bot NickServ :No such nick", ":srv 318 bot NickServ :End"]],
    ["somebody is called so", [":srv 311 bot nickserv eve evil.example * :x", ":srv 318 bot NickServ :End"]],
    ["somebody else is an operator", [":srv 313 bot NickServ2 :is an operator", ":srv 318 bot NickServ :End"]],
    [
      "somebody says so of himself",
      [":NickServ!e@evil.example 313 bot NickServ :is a service", ":srv 318 bot NickServ"],
    ],
    ["one is called so who helps", [":srv 310 bot NickServ :is available for help.", ":srv 318 bot NickServ :End"]],
    ["the server does not say", []],
  ];

  it.each(STRANGERS)("is told to nobody where %s, and channels are joined", async (_, lines) => {
    const { network, session, told } = await enter({ account, channels: ["#a"] });
    await turn(2 * SECOND);
    network.last.say(...lines);
    await turn(MINUTE);
    expect(network.last.lines.slice(3)).toEqual(["MODE bot +B", "WHOIS NickServ", "JOIN #a"]);
    expect(codes(told)).toEqual(["ERR_FINGER_DENIED"]);
    await session.stop();
  });

  it("goes on without SASL when nothing comes of it in 15 s, which is told", async () => {
    const { network, session, told } = await open({ account });
    network.last.say("CAP * LS :sasl");
    await turn();
    network.last.say("CAP * ACK :sasl");
    await turn(21 * SECOND);
    expect(network.last.lines.slice(3)).toEqual(["CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE *", "CAP END"]);
    expect(codes(told)).toEqual(["ERR_FINGER_TIMEOUT"]);
    network.last.say(":srv 906 * :aborted", ...WELCOME);
    await turn();
    expect(session.nick).toBe("bot");
    await session.stop();
  });

  it("is proved when services come back, and again when they have forgotten it", async () => {
    const { network, session, told } = await open({ account: { ...account, name: undefined } });
    network.last.say("CAP * LS :", ...WELCOME, ":srv 401 bot NickServ :No such nick");
    await turn(MINUTE);
    network.last.take();
    for (const again of [false, true]) {
      if (again) network.last.say("CAP bot DEL :sasl", ":srv 901 bot bot!f@h :You are now logged out");
      network.last.say("CAP bot NEW :sasl=PLAIN,EXTERNAL other");
      await turn();
      network.last.say("CAP bot ACK :sasl");
      await turn();
      network.last.say("AUTHENTICATE +");
      await turn();
      network.last.say(":srv 900 bot bot!f@h bot :in", ":srv 903 bot :fine", "CAP bot NEW :sasl");
      await turn(MINUTE);
      expect(network.last.take().filter((line) => !line.startsWith("PING"))).toEqual([
        "CAP REQ sasl",
        "AUTHENTICATE PLAIN",
        "AUTHENTICATE Ym90AGJvdABzZWNyZXQ=",
      ]);
    }
    expect(codes(told)).toEqual(["ERR_FINGER_DENIED"]);
    await session.stop();
  });

  it("is proved once, where there is", async () => {
    const { network, session, told } = await open({ account });
    for (const line of ["CAP * LS :sasl", "CAP * ACK :sasl", "AUTHENTICATE +", ":srv 903 * :fine"]) {
      network.last.say(line);
      await turn();
    }
    network.last.say(...WELCOME);
    await turn(MINUTE);
    expect(network.last.lines.slice(3)).toEqual([
      "CAP REQ sasl",
      "AUTHENTICATE PLAIN",
      "AUTHENTICATE YWRhAGFkYQBzZWNyZXQ=",
      "CAP END",
      "MODE bot +B",
    ]);
    expect(told).toEqual([]);
    await session.stop();
  });

  it("is not proved where others could hear it, which is told", async () => {
    const { network, session, told } = await enter({ account }, createMemoryNetwork({ isPrivate: false }));
    await turn(MINUTE);
    expect(network.last.lines.join()).not.toContain("secret");
    expect(codes(told)).toEqual(["ERR_FINGER_DENIED"]);
    await session.stop();
  });
});

describe("being there", () => {
  it("hears what is for the bot, and nothing of the connection's own", async () => {
    const { network, session, heard } = await open({ channels: ["#a"] });
    network.last.say(":ada!a@b PRIVMSG bot :too early");
    network.last.say(...WELCOME);
    network.last.say("PING x", ":srv PONG srv :finger", ":srv 473 bot #a :no", ":bot!f@h JOIN #a", ":srv 303 bot :");
    network.last.say(
      ":ada!a@b PRIVMSG bot :alice",
      ":srv 330 bot ada account :is logged in as",
      "rubbish!",
      "",
      ":x",
      "@",
      ":srv 1 2 3",
    );
    await turn();
    expect(heard.map(({ command, params }) => [command, ...params].join(" "))).toEqual([
      "PRIVMSG bot alice",
      "330 bot ada account is logged in as",
    ]);
    await session.stop();
  });

  it("sends answers before news, and nothing while it is not there", async () => {
    const { network, session } = await open();
    expect(session.send("answer", "PRIVMSG", "ada", "too early")).toBe(false);
    network.last.say(...WELCOME);
    await turn(20 * SECOND);
    network.last.take();
    for (let count = 0; count < 6; count++) expect(session.send("news", "NOTICE", "#a", `news ${count}`)).toBe(true);
    session.send("answer", "PRIVMSG", "ada", "hello");
    await turn(2 * SECOND);
    expect(network.last.take().at(-1)).toBe("PRIVMSG ada hello");
    await session.stop();
    expect(session.send("answer", "PRIVMSG", "ada", "too late")).toBe(false);
    expect(network.last.take()).toEqual(["QUIT :The finger server stops"]);
  });

  it.each(["a\r\nQUIT", "a\nb", "a\rb", "a\0b"])("sends no line that has %j in it", async (text) => {
    const { session } = await enter();
    expect(() => session.send("answer", "PRIVMSG", "ada", text)).toThrow(TypeError);
    expect(() => session.send("answer", "PRIVMSG", text, "x")).toThrow(TypeError);
    await session.stop();
  });

  it("knows where it is: not in a channel that it was thrown out of, nor in one that nobody has named", async () => {
    const { network, session } = await enter({ channels: ["#a"] });
    const where = () => ["#A", "#b"].map((channel) => session.isIn(channel));
    expect(where()).toEqual([false, false]);
    network.last.say(":bot!f@host JOIN #a", ":bot!f@host JOIN #b");
    await turn();
    expect(where()).toEqual([true, false]);
    network.last.say(":op!o@host KICK #a bot :no");
    await turn();
    expect(where()).toEqual([false, false]);
    await session.stop();
  });

  it("knows names as the server does, and the room that is left", async () => {
    const { network, session } = await enter();
    expect([session.isSame("[A]", "[a]"), session.isSame("[", "{")]).toEqual([true, false]);
    expect(session.roomFor("PRIVMSG", "#a")).toBe(510 - `:bot!${"u".repeat(11)}@${"h".repeat(63)} PRIVMSG #a :`.length);
    network.last.say(":bot!f@host JOIN #a");
    await turn();
    expect(session.roomFor("NOTICE", "ada")).toBe(510 - ":bot!f@host NOTICE ada :".length);
    await session.stop();
    expect(session.roomFor("NOTICE", "ada")).toBeGreaterThan(300);
    expect(session.isSame("{", "[")).toBe(true);
  });

  it("goes on when who hears it fails, which is told", async () => {
    const told: unknown[] = [];
    const network = createMemoryNetwork();
    const options = {
      server: { host: "x" },
      nick: "bot",
      open: network.open,
      onError: (error: unknown) => told.push(error),
    };
    const failing = createSession(options, ({ params }) => {
      throw new Error(params[1]);
    });
    await failing.start();
    await turn();
    network.last.say(...WELCOME, ":a!b@c PRIVMSG bot :one", ":a!b@c PRIVMSG bot :two");
    await turn();
    expect(told).toEqual([new Error("one"), new Error("two")]);
    expect(failing.nick).toBe("bot");
    await failing.stop();
  });

  it("goes on when who hears of errors fails, too, which is a warning of the process", async () => {
    const warning = vi.spyOn(process, "emitWarning").mockReturnValue();
    const onError = (error: unknown) => {
      throw error;
    };
    const { network, session } = await enter({ channels: ["#a"], onError });
    network.last.say(":srv 471 bot #a :full");
    network.last.hangUp();
    await turn(5 * SECOND);
    network.last.say(...WELCOME);
    await turn();
    expect(session.nick).toBe("bot");
    expect(warning.mock.calls.map(([error]) => (error as { code?: string }).code)).toEqual([
      "ERR_FINGER_REFUSED",
      "ERR_FINGER_IO",
    ]);
    await session.stop();
  });

  it("says no line that is too long, whatever it is to repeat", async () => {
    const { network, session } = await enter();
    network.last.say(`PING :${"é".repeat(4_000)}`);
    await turn();
    expect(network.last.lines.at(-1)).toBe(`PONG ${"é".repeat(252)}`);
    await session.stop();
  });

  it.each([
    [true, ["JOIN #a", "JOIN #a"]],
    [false, ["JOIN #a"]],
  ])("goes back after a kick only if it is to (%s)", async (rejoin, joins) => {
    const { network, session } = await enter({ channels: ["#a"], rejoin });
    network.last.say(":bot!f@h JOIN #a", ":op!o@h KICK #a bot :out");
    await turn(70 * SECOND);
    expect(network.last.lines.filter((line) => line.startsWith("JOIN"))).toEqual(joins);
    await session.stop();
  });
});

describe("coming back", () => {
  it("asks a silent server after 90 s, and gives it up after 60 s more", async () => {
    const { network, session, told } = await enter();
    await turn(95 * SECOND);
    expect(network.last.lines.at(-1)).toBe("PING finger");
    network.last.say(":srv PONG srv finger");
    await turn(95 * SECOND);
    expect(network.last.lines.filter((line) => line === "PING finger")).toHaveLength(2);
    expect(told).toEqual([]);
    await turn(60 * SECOND);
    expect(codes(told)).toEqual(["ERR_FINGER_TIMEOUT"]);
    expect(network.connections[0]?.isClosed).toBe(true);
    expect(network.connections).toHaveLength(2);
    await session.stop();
  });

  const ENDS: ReadonlyArray<readonly [why: string, end: (network: MemoryNetwork) => void, code: string]> = [
    ["hangs up", ({ last }) => last.hangUp(), "ERR_FINGER_IO"],
    ["says ERROR", ({ last }) => last.say("ERROR :Closing Link: (K-lined)"), "ERR_FINGER_IO"],
    ["says ERROR and no reason", ({ last }) => last.say("ERROR"), "ERR_FINGER_IO"],
    ["breaks the connection", ({ last }) => last.break(new Error("reset")), "reset"],
  ];

  it.each(ENDS)("comes back when the server %s", async (_, end, code) => {
    const { network, session, told } = await enter({ channels: ["#a"] });
    end(network);
    await turn();
    expect(session.nick).toBeUndefined();
    expect(told.map((error) => (error as { code?: string }).code ?? (error as Error).message)).toEqual([code]);
    await turn(2 * SECOND);
    network.last.say(...WELCOME);
    await turn(2 * SECOND);
    expect(network.connections).toHaveLength(2);
    expect(network.last.lines).toContain("JOIN #a");
    expect(session.nick).toBe("bot");
    await session.stop();
  });

  it("comes back when a connection takes nothing more, or does not close", async () => {
    const network = createMemoryNetwork();
    let isBroken = false;
    const openFrail: OpenTransport = async (signal) => {
      const transport = await network.open(signal);
      const write = (line: Uint8Array) => {
        if (isBroken) throw new Error("broken pipe");
        transport.write(line);
      };
      return { ...transport, write, close: () => new Promise(() => {}) };
    };
    const { session, told } = await enter({ open: openFrail }, network);
    isBroken = true;
    await turn(150 * SECOND);
    isBroken = false;
    await turn(10 * SECOND);
    expect(network.connections.length).toBeGreaterThan(1);
    expect(told.map(String)).toEqual([expect.stringContaining("broken pipe")]);
    const stopped = session.stop();
    await turn(10 * SECOND);
    await stopped;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits twice as long after each failure, 5 minutes at most, and tells of it once", async () => {
    const times: number[] = [];
    const failing = async () => {
      times.push(performance.now());
      throw new Error("no route");
    };
    const { session, told } = await open({ open: failing });
    await turn(60 * MINUTE);
    const waits = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / SECOND));
    expect(waits.slice(0, 10)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(told).toEqual([new Error("no route")]);
    await session.stop();
  });

  it("begins anew with that when it was there for a minute, and not when it was thrown out at once", async () => {
    const { network, session } = await open();
    const waits: number[] = [];
    for (const stay of [0, 0, 0, MINUTE, 0]) {
      network.last.say(...WELCOME);
      await turn(stay);
      network.last.say("ERROR :Throttled");
      const before = network.connections.length;
      for (let waited = 1; network.connections.length === before && waited < 20; waited++) {
        await turn(SECOND);
        waits[before - 1] = waited;
      }
    }
    expect(waits).toEqual([2, 4, 8, 2, 4]);
    await session.stop();
  });
});

describe("leaving", () => {
  it("says QUIT, and is done when the server closes", async () => {
    const { network, session } = await enter();
    const stopped = session.stop();
    expect(session.nick).toBeUndefined();
    expect(network.last.lines.at(-1)).toBe("QUIT :The finger server stops");
    await stopped;
    expect(network.last.isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  const PHASES: ReadonlyArray<readonly [phase: string, reach: () => Promise<Scene>]> = [
    ["a connection that never opens", () => open({ open: () => new Promise(() => {}) })],
    ["a welcome that does not come", () => open({}, createMemoryNetwork({ hangs: true }))],
    ["a server that hangs", () => enter({}, createMemoryNetwork({ hangs: true }))],
    [
      "the next try",
      async () => {
        const scene = await enter();
        scene.network.last.hangUp();
        await turn();
        return scene;
      },
    ],
  ];

  it.each(PHASES)("waits 2 s at most for %s, and leaves no timer", async (_, reach) => {
    const { session, network, told } = await reach();
    const before = told.length;
    const stopped = session.stop();
    await turn(2 * SECOND);
    await stopped;
    expect(vi.getTimerCount()).toBe(0);
    expect(network.connections.every(({ isClosed }) => isClosed)).toBe(true);
    expect(told).toHaveLength(before);
    await turn(10 * MINUTE);
    expect(network.connections.length).toBeLessThan(2);
  });

  it("gives the answers that wait, for 6 s at most, and no news", async () => {
    const { network, session } = await enter();
    await turn(20 * SECOND);
    network.last.take();
    for (let count = 0; count < 20; count++) session.send("answer", "PRIVMSG", "ada", `${count}`);
    session.send("news", "NOTICE", "#a", "news");
    const stopped = session.stop();
    network.last.say("PING still");
    await turn(6 * SECOND);
    await stopped;
    const said = network.last.take();
    expect(said.filter((line) => line.startsWith("PRIVMSG"))).toHaveLength(5);
    expect(said).not.toContain("NOTICE #a news");
    expect(said).toContain("PONG still");
    expect(said.at(-1)).toBe("QUIT :The finger server stops");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("says QUIT as soon as all are given, or nobody waits any more", async () => {
    for (const patience of [5 * SECOND, SECOND]) {
      const { network, session } = await enter();
      await turn(20 * SECOND);
      for (let count = 0; count < 5; count++) session.send("answer", "PRIVMSG", "ada", `${count}`);
      const patient = new AbortController();
      const stopped = session.stop(patient.signal);
      await turn(Math.min(patience, 2 * SECOND));
      patient.abort();
      await stopped;
      expect(network.last.lines.slice(-2)).toEqual([
        patience > 2 * SECOND ? "PRIVMSG ada 4" : "PRIVMSG ada 3",
        "QUIT :The finger server stops",
      ]);
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  it("does not wait at all when nobody waits for it", async () => {
    const { session } = await enter({}, createMemoryNetwork({ hangs: true }));
    await session.stop(AbortSignal.abort());
    expect(vi.getTimerCount()).toBe(0);
  });

  it("starts once, stops twice, and starts again", async () => {
    const { session, network } = await enter();
    await session.start();
    expect(network.connections).toHaveLength(1);
    await Promise.all([session.stop(AbortSignal.abort()), session.stop()]);
    await session.start();
    await turn();
    expect(network.connections).toHaveLength(2);
    await session.stop(AbortSignal.abort());
  });

  it("closes a connection that opens when nobody wants it any more", async () => {
    const network = createMemoryNetwork();
    let go = () => {};
    const late = async (signal: AbortSignal) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return network.open(signal);
    };
    const { session } = await open({ open: late });
    await session.stop();
    go();
    await turn();
    expect(network.last.isClosed).toBe(true);
    expect(network.last.lines).toEqual([]);
  });
});

const WRONG: ReadonlyArray<readonly [options: Partial<SessionOptions>, named: string]> = [
  [{ nick: "a bot" }, "nick"],
  [{ nick: "" }, "nick"],
  [{ nick: "bot\r\nQUIT" }, "nick"],
  [{ channels: ["a"] }, "channels"],
  [{ channels: ["#a,#b"] }, "channels"],
  [{ channels: ["#a hush more"] }, "channels"],
  [{ channels: ["#a ,hush"] }, "channels"],
  [{ channels: [" #a hush"] }, "channels"],
  [{ channels: [`#a ${"hush".repeat(200)}`] }, "channels"],
  [{ channels: [7 as unknown as string] }, "channels"],
  [{ identity: { user: "a b" } }, "identity.user"],
  [{ identity: { realName: "a\x01b" } }, "identity.realName"],
  [{ identity: { realName: "a".repeat(600) } }, "identity"],
  [{ nick: "b".repeat(600) }, "nick"],
  [{ server: { host: "x", password: "hush".repeat(200) } }, "server.password"],
  [{ server: { host: "x", password: "hush\x01" } }, "server.password"],
  [{ account: { password: "hush\x01" } }, "account.password"],
  [{ account: { password: "hush".repeat(200) } }, "account"],
  [{ server: { host: "x", password: "hush\r\nQUIT" } }, "server.password"],
  [{ account: { password: "hush\n" } }, "account.password"],
  [{ account: { name: "a b", password: "hush" } }, "account.name"],
  [{ account: { external: true }, open: undefined }, "server.tls.cert"],
];

it.each(WRONG)("refuses %j by name, and tells no secret", (options, named) => {
  const make = () =>
    createSession({ server: { host: "x" }, open: createMemoryNetwork().open, onError() {}, ...options }, () => {});
  expect(make).toThrow(TypeError);
  expect(make).toThrow(named);
  expect(make).not.toThrow("hush");
});

describe("a server that means harm or nothing", () => {
  const WORDS =
    "001 005 376 303 396 433 437 471 900 903 904 908 CAP AUTHENTICATE NICK JOIN PART KICK QUIT CHGHOST MODE PING PONG PRIVMSG NOTICE LS ACK NAK * bot #a sasl chghost :sasl NICKLEN=0 NICKLEN=99 BOT= BOT=xx CASEMAPPING= CHANTYPES= CHANTYPES=b :bot!f@h :srv :ada!a@b @a=b + : é \x01 \x02".split(
      " ",
    );
  const LINE = fc
    .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ unit: "binary", maxLength: 9 })), {
      maxLength: 7,
    })
    .map((words) => words.join(" "));

  it("sends nothing but lines, whatever it hears, and hears what comes after", async () => {
    const account = { name: "ada", password: "secret" };
    const check = async (before: readonly string[], after: readonly string[], bytes: Uint8Array) => {
      const { network, session, heard, told } = await open({ channels: ["#a"], account });
      const connection = network.last;
      connection.say(...before, ":srv 001 bot :Welcome", ...after);
      connection.sayBytes(bytes);
      connection.say("", `:srv 005 bot CASEMAPPING=rfc1459 :are supported`, ":ada!a@b PRIVMSG bot :the last");
      await turn(5 * SECOND);
      const isThere = network.connections.length === 1 && !connection.isClosed;
      const hasEnded = told.some((error) => /ERROR|closed|take the bot/.test(String(error)));
      expect(isThere || hasEnded).toBe(true);
      if (isThere) expect(heard.at(-1)?.params.at(-1)).toBe("the last");
      for (const line of connection.lines) expect(line).toMatch(/^[A-Z]+( |$)/);
      await session.stop(AbortSignal.abort());
      expect(vi.getTimerCount()).toBe(0);
    };
    const lines = fc.array(LINE, { maxLength: 12 });
    await fc.assert(fc.asyncProperty(lines, lines, fc.uint8Array({ maxLength: 200 }), check), { numRuns: 200 });
  });
});
