import { setImmediate } from "node:timers/promises";
import { memoryProvider } from "finger-server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createFingerBot } from "./create-finger-bot.js";
import { listenScripted, type Script, type ScriptedConnection } from "./testing/scripted-server.js";

beforeAll(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  // All at once: each of them waits, most of the time, until it may speak.
  for (const [why, script] of [...SURVIVED, ...ENDED]) {
    const meeting = meet(script);
    meeting.catch(() => {});
    meetings.set(why, meeting);
  }
});
afterAll(() => void vi.restoreAllMocks());

const meetings = new Map<string, ReturnType<typeof meet>>();

type Row = readonly [why: string, script: Script];

/** After what was said, the bot is there, and is asked. */
const then = (before: (connection: ScriptedConnection) => void | Promise<void>): Script => {
  return async (connection) => {
    connection.welcome();
    await before(connection);
    connection.ask();
  };
};
const lines = (...said: readonly string[]): Script => then(({ say }) => say(...said));
const bytes = (...said: ReadonlyArray<string | Uint8Array>): Script => {
  return then(({ socket }) => {
    for (const some of said) socket.write(some);
  });
};

const SURVIVED: readonly Row[] = [
  [
    "bytes that are no text",
    bytes(
      Uint8Array.from({ length: 4096 }, (_, index) => (index * 7) % 256),
      "\r\n",
    ),
  ],
  ["NULs in the middle of a line", bytes("PI\0NG :a\0b\r\n")],
  ["Latin-1", bytes(Buffer.from(":ad\xe9!a@h PRIVMSG bot :\xe9t\xe9\r\n", "latin1"))],
  [
    "a line that comes byte by byte",
    then(async ({ socket }) => {
      socket.setNoDelay(true);
      for (const byte of Buffer.from("\r\n\n\r:srv NOTICE bot :h\xe9llo\r\nPING :a b\r\n")) {
        socket.write(Uint8Array.of(byte));
        await setImmediate();
      }
    }),
  ],
  ["a line of 10 kB", bytes(`:ada!a@h PRIVMSG bot :${"a".repeat(10_000)}\r\n`)],
  ["a line of 1 MB", bytes("a".repeat(1_000_000), "\r\n")],
  ["tags of 8 kB", bytes(`@${"a=b;".repeat(2_000)} :ada!a@h PRIVMSG bot :x\r\n`)],
  [
    "a line of blanks and colons",
    lines(" ", ":", "::", ": :", "@", "@ :", "@a", ":a", " :a b", "PRIVMSG", ":a!b@c PRIVMSG"),
  ],
  [
    "numerics that make no sense",
    lines(
      ":srv 001 bot2 :again",
      ":srv 005 bot CHANTYPES= NICKLEN=-1 CASEMAPPING=x BOT=\x01 BOT=BB LINELEN=0 USERLEN=99999 :are supported",
      ":srv 005 bot -CHANTYPES CASEMAPPING=rfc1459 BOT=B",
      ":srv 303 bot",
      ":srv 303",
      ":srv 303 :bot bot bot",
      ":srv 396 bot",
      ":srv 396 bot @ :",
      ":srv 433 bot bot :in use",
      ":srv 437",
      ":srv 471",
      ":srv 376 bot :again",
      ":srv 900",
      ":srv 311 bot",
      ":srv 000 bot",
      ":srv 999 bot",
      ":srv 1 bot",
    ),
  ],
  ["tokens of ISUPPORT without end", bytes(`:srv 005 bot ${"A ".repeat(500_000)}:are supported\r\n`)],
  [
    "many lines of them",
    lines(...Array.from({ length: 1_000 }, (_, at) => `:srv 005 bot ${`X${at}=1 `.repeat(30)}:x`)),
  ],
  ["433 in the middle", lines(...Array<string>(1_000).fill(":srv 433 bot bot :in use"))],
  [
    "what others do, and what nobody has asked for",
    lines(
      ":op!o@h KICK #a ada :out",
      ":op!o@h KICK #other bot :out",
      ":bot!u@h JOIN #other",
      ":bot!u@h JOIN",
      ":bot!u@h PART",
      ":bot!u@h NICK",
      ":bot!u@h NICK :",
      ":bot!u@h NICK :a b",
      ":bot!u@h NICK :#a",
      `:bot!u@h NICK :${"a".repeat(400)}`,
      ":bot!u@h NICK \x01bot",
      ":bot!u@h CHGHOST",
      ":bot!u@h MODE bot +\x01",
    ),
  ],
  [
    "messages of itself, of nobody and of servers",
    lines(
      ":bot!u@h PRIVMSG bot :alice",
      "PRIVMSG bot :alice",
      ":srv PRIVMSG bot :alice",
      ":srv.example PRIVMSG #a :!finger alice",
      ":#a!u@h PRIVMSG bot :alice",
      ":a,b!u@h PRIVMSG bot :alice",
      ":*!u@h PRIVMSG bot :alice",
      ":$$*!u@h PRIVMSG bot :alice",
      ":ada!u@h PRIVMSG #a,#b :!finger alice",
      ":ada!u@h PRIVMSG * :alice",
      ":ada!u@h NOTICE bot :alice",
      ":\x01!u@h PRIVMSG bot :alice",
    ),
  ],
  [
    "control characters to be repeated",
    lines(
      "PING :\x01a",
      "PING :a\x01b",
      ":eve!a@h PRIVMSG bot :\x01PING a\x02\x03\x01",
      ":eve!a@h PRIVMSG bot :al\x01ice",
    ),
  ],
  ["a PING without end to its token", bytes(`PING :${"é".repeat(4_000)}\r\n`)],
  ["10,000 PINGs", lines(...Array.from({ length: 10_000 }, (_, index) => `PING :${index}`))],
  ["capabilities without end", lines(...Array.from({ length: 10_000 }, (_, at) => `CAP bot NEW :x${at} sasl chghost`))],
  ["AUTHENTICATE without end", lines(...Array<string>(10_000).fill("AUTHENTICATE +"))],
  [
    "a welcome that is all in disorder",
    (connection) => {
      connection.say(
        ":srv 376 bot :End",
        ":srv 005 bot NICKLEN=0",
        "JOIN #a",
        ":srv 303 bot :",
        "MODE",
        "CAP",
        "AUTHENTICATE",
      );
      connection.say(...Array<string>(2_000).fill("CAP * LS * :sasl chghost other"), "CAP * ACK :sasl", "CAP * NAK");
      connection.welcome();
      connection.ask();
    },
  ],
  [
    "a nick that it has not chosen",
    (connection) => {
      connection.welcome("0AAAAAAB");
      connection.ask("0AAAAAAB");
    },
  ],
  ...[":", "a!b", "#a", ":a b", "\x01", "a".repeat(400), "a,b", "*"].map((silly): Row => {
    const script: Script = (connection) => {
      connection.say(`:srv 001 ${silly} :Welcome`, ":srv 005 bot BOT=B :are supported", ":srv 376 bot :End");
      connection.ask();
    };
    return [`the nick ${silly.slice(0, 9)}, which is none`, script];
  }),
];

const ENDED: readonly Row[] = [
  ["hangs up in the middle of registration", ({ socket }) => void socket.end()],
  ["resets the connection", ({ socket }) => void socket.resetAndDestroy()],
  ["hangs up in the middle of a line", ({ socket }) => void socket.end(":srv 001 bo")],
  ["says ERROR at once", ({ say }) => say("ERROR :Closing Link: [throttled]")],
  ["says ERROR in the middle, and goes on", lines("ERROR", "PING :a", ":srv 001 bot :again")],
  ["has no free nick at all", ({ say }) => say(...Array<string>(1_000).fill(":srv 433 * bot :in use"))],
  ["names another server", ({ say }) => say(":srv 010 bot evil.example 6667 :Please use this server")],
  ["speaks HTTP", ({ socket }) => void socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nno\n")],
  ["speaks SSH", ({ socket }) => void socket.end("SSH-2.0-server\r\nInvalid SSH identification string.\r\n")],
  ["speaks TLS", ({ socket }) => void socket.end(Uint8Array.of(0x15, 3, 1, 0, 2, 2, 0x46))],
  [
    "says much and reads nothing",
    async ({ welcome, socket }) => {
      welcome();
      socket.pause();
      const pings = `PING :${"a".repeat(480)}\r\n`.repeat(1_000);
      for (let count = 0; count < 100 && !socket.destroyed; count++) {
        await new Promise<void>((resolve) => socket.write(pings, () => resolve()));
      }
    },
  ],
];

describe("a bot that hears", () => {
  it.each(SURVIVED)("%s stays, and answers", { timeout: 30_000 }, async (why) => {
    const met = await meetings.get(why);
    expect(met?.connections, String(met?.told)).toBe(1);
  });

  it.each(ENDED)("a server that %s comes again, and answers", { timeout: 30_000 }, async (why) => {
    const met = await meetings.get(why);
    expect(met?.connections).toBe(2);
    expect(met?.told).toHaveLength(1);
  });
});

/** Goes there, answers on the last connection, and leaves. Whatever was said on the way was lines. */
async function meet(script: Script) {
  const server = await listenScripted(script);
  const told: unknown[] = [];
  const bot = createFingerBot({
    provider: memoryProvider({ alice: "Happy and well" }),
    server: { host: "127.0.0.1", port: server.port, tls: false },
    nick: "bot",
    channels: ["#a"],
    onError: (error) => told.push(error),
  });
  await bot.start();
  try {
    const answered = () => server.connections.at(-1)?.lines() ?? [];
    await expect.poll(answered, { timeout: 25_000 }).toContain("PRIVMSG ada :Status of alice: Happy and well");
  } finally {
    await bot.stop();
    server.close();
  }
  for (const connection of server.connections) expectLines(connection);
  return { connections: server.connections.length, told };
}

function expectLines(connection: ScriptedConnection): void {
  for (const line of connection.lines()) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(510);
    expect(line).toMatch(/^[A-Z]+( [^\r\n\0\x01]*(\x01[^\r\n\0\x01]+\x01)?)?$/);
  }
}
