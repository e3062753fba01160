import fc from "fast-check";
import { FingerError } from "finger-protocol";
import { type LookupContext, memoryProvider, redact } from "finger-server";
import { expect, it, vi } from "vitest";
import type { FingerBotOptions } from "../options.js";
import { type AskedBot, createAskedBot } from "../testing/ask-bot.js";
import { createMemorySession } from "../testing/memory-session.js";
import { createBot } from "./create-bot.js";
import { resolveRules } from "./rules.js";

const provider = memoryProvider({
  alice: "Happy and well",
  bob: { name: "Bob Brown", status: "Out", plan: "Sleep.\nEat." },
  carol: { plan: "To be left alone.\nFor long." },
  dave: { name: "Dave" },
  eve: "one\r\ntwo\r\n\r\nthree",
  mallory: "\x02bold\x0f \x01VERSION\x01\x1b[31mred",
});

async function ask(lines: readonly string[], options: Partial<FingerBotOptions> = {}): Promise<readonly string[]> {
  const bot = createAskedBot({ provider, ...options });
  for (const line of lines) bot.hear(line);
  return bot.end();
}

const ADA = ":ada!a@host";

const ANSWERS: ReadonlyArray<[said: string, answers: readonly string[], why: string]> = [
  ["PRIVMSG bot :alice", ["PRIVMSG ada :Status of alice: Happy and well"], "the words of the tutorial"],
  [
    "PRIVMSG BOT :alice",
    ["PRIVMSG ada :Status of alice: Happy and well"],
    "the server compares nicks without their case",
  ],
  ["PRIVMSG bot :nobody", ["PRIVMSG ada :Status of nobody: No such user"], "in the words of the tutorial, too"],
  ["PRIVMSG bot :bob", ["PRIVMSG ada :Status of bob: Out"], "of a record the status is told"],
  ["PRIVMSG bot :dave", ["PRIVMSG ada :Status of dave: No status"], "there is none"],
  [
    "PRIVMSG bot :carol",
    ["PRIVMSG ada :Status of carol: To be left alone.", "PRIVMSG ada :For long."],
    "as in chapter 24",
  ],
  [
    "PRIVMSG bot :eve",
    ["Status of eve: one", "two", "three"].map((text) => `PRIVMSG ada :${text}`.replace(/:(two|three)$/, "$1")),
    "no line is empty",
  ],
  ["PRIVMSG bot :mallory", ["PRIVMSG ada :Status of mallory: bold VERSIONred"], "controls are gone"],
  ["PRIVMSG #c :!finger alice", ["PRIVMSG #c :Status of alice: Happy and well"], "one line is for the channel"],
  [
    "PRIVMSG #c :!finger carol",
    ["NOTICE ada :Status of carol: To be left alone.", "NOTICE ada :For long."],
    "more is for who has asked",
  ],
  ["PRIVMSG #c :alice", [], "people talk"],
  ["PRIVMSG bot :list", ["PRIVMSG ada :alice, bob, carol, dave, eve, mallory"], "the provider has a list"],
  ["PRIVMSG bot :alice@host", ["PRIVMSG ada :Finger forwarding service denied"], "it is off"],
  ["PRIVMSG bot :alice@", ["PRIVMSG ada :Finger query refused: there is an @ without a host behind it"], "no query"],
  ["PRIVMSG bot :!status Out", [], "nobody can set one"],
  ["NOTICE bot :alice", [], "notices are never answered"],
  ["PRIVMSG bot :Status of x: No such user", [], "another bot of this kind"],
  [`PRIVMSG bot :Status of ${"x".repeat(390)}`, [], "the same, of a name that took the whole line"],
  ["PRIVMSG other :alice", [], "it is for somebody else"],
  ["PRIVMSG $* :alice", [], "for all on a server"],
  ["PRIVMSG bot", [], "no text"],
  ["PRIVMSG bot :\x01VERSION\x01", ["NOTICE ada :\x01VERSION finger-adapters-irc\x01"], "by NOTICE"],
  ["PRIVMSG bot :\x01version", ["NOTICE ada :\x01VERSION finger-adapters-irc\x01"], "case and end do not matter"],
  ["PRIVMSG bot :\x01FINGER\x01", ["NOTICE ada :\x01FINGER A finger server: say help\x01"], "who it is"],
  ["PRIVMSG bot :\x01PING 12 34\x01", ["NOTICE ada :\x01PING 12 34\x01"], "an echo"],
  [
    "PRIVMSG bot :\x01CLIENTINFO\x01",
    ["NOTICE ada :\x01CLIENTINFO CLIENTINFO FINGER PING VERSION\x01"],
    "what there is",
  ],
  ["PRIVMSG bot :\x01PING 1\x01\x01VERSION\x01", ["NOTICE ada :\x01PING 1\x01"], "one a message"],
  ["PRIVMSG bot :\x01ACTION waves\x01", [], "no request"],
  ["PRIVMSG bot :\x01\x01", [], "an empty one is no name either"],
  ["PRIVMSG #c :\x01VERSION\x01", [], "a channel is not to make all bots talk"],
  [`PRIVMSG bot :\x01PING ${"1".repeat(400)}\x01`, [], "half an echo is none"],
  ["NOTICE bot :\x01VERSION x\x01", [], "an answer"],
];

it.each(ANSWERS)("answers %j with %j: %s", async (said, answers) => {
  expect(await ask([`${ADA} ${said}`])).toEqual(answers);
});

const SILENCES: ReadonlyArray<[line: string, why: string]> = [
  [":irc.example PRIVMSG bot :alice", "a server"],
  ["PRIVMSG bot :alice", "nobody"],
  [":bot!b@host PRIVMSG bot :alice", "itself"],
  [":BOT!b@host PRIVMSG #c :!finger alice", "itself, in a channel"],
  [`@bot ${ADA} PRIVMSG bot :alice`, "a bot by IRCv3"],
  [`@batch=1 ${ADA} PRIVMSG bot :alice`, "what was said before"],
  [":ada,#c!a@host PRIVMSG bot :alice", "a list of targets for a nick"],
  [":!a@host PRIVMSG bot :alice", "no nick"],
  [`${ADA} PRIVMSG #a,#b :!finger alice`, "a list of channels"],
  [`${ADA} PRIVMSG #a\x01 :!finger alice`, "what would be CTCP"],
];

it.each(SILENCES)("does not answer %j: %s", async (line) => {
  expect(await ask([line])).toEqual([]);
});

it("answers by the options that it has", async () => {
  const forward = async (name: string) => `of ${name}`;
  const [said, listed] = [`${ADA} PRIVMSG bot :alice@host`, `${ADA} PRIVMSG bot :list`];
  expect(await ask([said], { forward })).toEqual(["PRIVMSG ada :Status of alice@host: of alice@host"]);
  expect(await ask([listed], { list: false })).toEqual(["PRIVMSG ada :Finger online user list denied"]);
  expect(await ask([listed], { provider: () => undefined })).toEqual(["PRIVMSG ada :Finger online user list denied"]);
  const lines = { host: "plan.example", limits: { lines: 1 } };
  expect(await ask([`${ADA} PRIVMSG bot :eve`], lines)).toEqual([
    "PRIVMSG ada :Status of eve: one",
    "PRIVMSG ada :… more on finger://plan.example/eve",
  ]);
});

it("tells nobody who shares a name", async () => {
  const users = [
    { login: "al", status: "Out" },
    { login: "ali", status: "In" },
  ];
  const [said, nobody] = [`${ADA} PRIVMSG bot :al`, ["PRIVMSG ada :Status of al: No such user"]];
  expect(await ask([said], { provider: () => users })).toEqual(nobody);
  expect(await ask([said], { provider: () => users.slice(0, 1) })).toEqual(["PRIVMSG ada :Status of al: Out"]);
  expect(await ask([said], { provider: () => [] })).toEqual(nobody);
});

it("says that something is wrong with what is no answer", async () => {
  const onError = vi.fn();
  const provider = { lookup: async () => 1 as never, list: async () => "all" as never };
  const lines = await ask([`${ADA} PRIVMSG bot :alice`, `${ADA} PRIVMSG bot :list`], { provider, onError });
  expect(lines).toEqual([
    "PRIVMSG ada :Status of alice: Internal error in server",
    "PRIVMSG ada :Internal error in server",
  ]);
  expect(onError.mock.calls.map(([{ code }]) => code)).toEqual(["ERR_FINGER_PROVIDER", "ERR_FINGER_PROVIDER"]);
});

it("tells all that is known by -l", async () => {
  const lines = await ask([`${ADA} PRIVMSG bot :-l bob`]);
  expect(lines[0]).toBe("PRIVMSG ada :Status of bob: Out");
  expect(lines.join("\n")).toContain("Bob Brown");
  const [first] = await ask([`${ADA} PRIVMSG bot :-l dave`]);
  expect(first).toMatch(/^PRIVMSG ada :Login: dave /);
});

it("asks for somebody of whom nothing is known, who is nobody on this machine", async () => {
  const hidden = redact(memoryProvider({ alice: "Home" }), [{ networks: ["local"], show: "all" }, { show: "hidden" }]);
  expect(await ask([`${ADA} PRIVMSG bot :alice`], { provider: hidden })).toEqual([
    "PRIVMSG ada :Status of alice: No such user",
  ]);
});

const FAILURES: ReadonlyArray<
  [said: string, code: "ERR_FINGER_DENIED" | "ERR_FINGER_CONNECT" | undefined, answer: string, told: number]
> = [
  ["alice", undefined, "Status of alice: Internal error in server", 1],
  ["alice", "ERR_FINGER_DENIED", "Status of alice: No such user", 0],
  ["list", undefined, "Internal error in server", 1],
  ["list", "ERR_FINGER_DENIED", "Finger online user list denied", 0],
  ["a@b", undefined, "Status of a@b: Internal error in server", 1],
  ["a@b", "ERR_FINGER_DENIED", "Finger forwarding service denied", 0],
  ["a@b", "ERR_FINGER_CONNECT", "Status of a@b: Could not connect to remote host", 1],
];

it.each(FAILURES)("of a provider that fails, asked %j with %s, says %j", async (said, code, text, told) => {
  const fail = () => {
    throw code === undefined ? new Error("secret") : new FingerError(code, "secret");
  };
  const onError = vi.fn();
  const broken = { lookup: fail, list: fail };
  expect(await ask([`${ADA} PRIVMSG bot :${said}`], { provider: broken, forward: broken, onError })).toEqual([
    `PRIVMSG ada :${text}`,
  ]);
  expect(onError).toHaveBeenCalledTimes(told);
});

it("waits no longer for a provider than there is time, and leaves what comes too late", async () => {
  let give: (stream: AsyncIterable<string>) => void = () => {};
  const late = new Promise<AsyncIterable<string>>((resolve) => {
    give = resolve;
  });
  const onError = vi.fn();
  const bot = createAskedBot({ provider: () => late, limits: { lookupTime: 5 }, onError });
  bot.hear(`${ADA} PRIVMSG bot :alice`);
  await vi.waitFor(() => expect(bot.session.sent).toEqual(["PRIVMSG ada :Status of alice: Internal error in server"]));
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: "ERR_FINGER_TIMEOUT" }));
  const left = vi.fn(async () => ({ value: undefined, done: true as const }));
  give({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: left }) });
  await vi.waitFor(() => expect(left).toHaveBeenCalledOnce());
});

it("tells the first lines of a stream, and ends it", async () => {
  let signal: AbortSignal | undefined;
  let isEnded = false;
  const endless = (_: string, context: LookupContext) => {
    signal = context.signal;
    return (async function* () {
      try {
        for (let index = 1; ; index++) yield `step ${index}\n`;
      } finally {
        isEnded = true;
      }
    })();
  };
  expect(await ask([`${ADA} PRIVMSG bot :build`], { provider: endless, limits: { lines: 2 } })).toEqual([
    "PRIVMSG ada :Status of build: step 1",
    "PRIVMSG ada :step 2",
    "PRIVMSG ada :… and more",
  ]);
  expect([isEnded, signal?.aborted]).toEqual([true, true]);
});

it("tells what a stream has said when it breaks, or says no more", async () => {
  const onError = vi.fn();
  const broken = async function* () {
    yield "one\ntw";
    throw new Error("cut");
  };
  const lines = ["PRIVMSG ada :Status of build: one", "PRIVMSG ada tw", "PRIVMSG ada :… and more"];
  expect(await ask([`${ADA} PRIVMSG bot :build`], { provider: () => broken(), onError })).toEqual(lines);
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "cut" }));
  const empty = async function* () {
    for (;;) yield "";
  };
  expect(await ask([`${ADA} PRIVMSG bot :build`], { provider: () => empty() })).toEqual([
    "PRIVMSG ada :Status of build: No status",
    "PRIVMSG ada :… and more",
  ]);
});

it("waits two seconds for a stream", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const next = vi
      .fn(() => new Promise<never>(() => {}))
      .mockResolvedValueOnce({ value: "one\n", done: false } as never);
    const stream = { [Symbol.asyncIterator]: () => ({ next }) };
    const bot = createAskedBot({ provider: () => stream });
    bot.hear(`${ADA} PRIVMSG bot :build`);
    await vi.advanceTimersByTimeAsync(1999);
    expect(bot.session.sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(bot.session.sent).toEqual(["PRIVMSG ada :Status of build: one", "PRIVMSG ada :… and more"]);
  } finally {
    vi.useRealTimers();
  }
});

it("tells all of somebody without the colours and control characters that are in it", async () => {
  const evil = { status: "x\x00\x01y \x0304red\x02b\x0f", name: "\x1b[31mEve", plan: "p1\r\np2\r" };
  const lines = await ask([`${ADA} PRIVMSG bot :-l eve`], { provider: memoryProvider({ eve: evil }) });
  expect(lines.join("\n")).not.toMatch(/\^|[\x00-\x09\x0b-\x1f]/);
  expect(lines).toContain("PRIVMSG ada :Status of eve: xy redb");
  expect(lines.slice(-2)).toEqual(["PRIVMSG ada p1", "PRIVMSG ada p2"]);
});

it("tells each who asks too much to wait, once", async () => {
  const asked = Array.from({ length: 10 }, (_, index) => `${ADA} PRIVMSG bot :user${index}`);
  const lines = await ask(asked, { limits: { perAsker: 12 } });
  expect(lines.filter((line) => line.includes("No such user"))).toHaveLength(4);
  expect(lines.filter((line) => line.startsWith("NOTICE ada :Please wait"))).toHaveLength(1);
});

it("answers or tells to wait each of those who come from one machine", async () => {
  const bot = createAskedBot({ provider });
  for (let index = 0; index < 20; index++) bot.hear(`:n${index}!u@host PRIVMSG bot :alice`);
  await vi.waitFor(() => expect(bot.session.sent).toHaveLength(20));
  expect(new Set(bot.session.sent.map((line) => line.split(" ")[1])).size).toBe(20);
  expect(bot.session.sent.filter((line) => line.includes("Please wait"))).toHaveLength(10);
});

it("answers a channel no more than it can take, and tells who has asked", async () => {
  const bot = createAskedBot({ provider, limits: { perChannel: 9 } });
  for (let index = 0; index < 6; index++) bot.hear(`:n${index}!u@host${index} PRIVMSG #c :!finger user${index}`);
  bot.hear(`${ADA} PRIVMSG bot :alice`);
  await vi.waitFor(() => expect(bot.session.sent).toHaveLength(7));
  expect(bot.session.sent.filter((line) => line.startsWith("PRIVMSG #c "))).toHaveLength(3);
  expect(bot.session.sent.filter((line) => line.includes("Please wait"))).toHaveLength(3);
  expect(bot.session.sent).toContain("PRIVMSG ada :Status of alice: Happy and well");
});

it.each(["help", "list", "alice", "nobody", "-l bob", "x@", "x@y", "!status x"])(
  "does not talk with another of its kind, which begins with %j",
  async (first) => {
    const bots = ["ada", "bot"].map((nick) => {
      const session = createMemorySession();
      session.nick = nick;
      return createAskedBot({ provider, limits: { perAsker: false } }, session);
    });
    const [ada, bot] = bots as [AskedBot, AskedBot];
    bot.hear(`${ADA} PRIVMSG bot :${first}`);
    for (let index = 0; index < 50; index++) {
      // Each hears what the other says.
      await new Promise((resolve) => setImmediate(resolve));
      for (const line of bot.session.sent.splice(0)) ada.hear(`:bot!b@other ${line}`);
      for (const line of ada.session.sent.splice(0)) bot.hear(`${ADA} ${line}`);
    }
    await ada.end();
    await bot.end();
    expect([...ada.session.sent, ...bot.session.sent]).toEqual([]);
  },
);

it("answers a hundred askers, or tells them to wait, also where little can be sent", async () => {
  const session = createMemorySession();
  session.left = 3;
  const bot = createAskedBot({ provider, limits: { perChannel: false, waiting: 40 } }, session);
  for (let index = 0; index < 100; index++) bot.hear(`:n${index}!u@host${index} PRIVMSG #c :!finger user${index}`);
  // What cannot be sent at once is sent later.
  session.left = Number.POSITIVE_INFINITY;
  await vi.waitFor(() => expect(session.sent.length).toBe(100), { timeout: 5000 });
  const answered = session.sent.filter((line) => line.startsWith("PRIVMSG #c :Status of ")).length;
  const told = session.sent.filter((line) => line.includes("Please wait")).length;
  expect([answered, told]).toEqual([48, 52]);
});

it("says no more when it is not there", async () => {
  let give: (status: string) => void = () => {};
  const asked = new Promise<string>((resolve) => {
    give = resolve;
  });
  const bot = createAskedBot({ provider: () => asked });
  bot.hear(`${ADA} PRIVMSG bot :alice`);
  bot.session.nick = undefined;
  bot.hear(`${ADA} PRIVMSG bot :bob`);
  give("Out");
  expect(await bot.end()).toEqual([]);
});

it("ends at once when there is no time, and says nothing of that", async () => {
  const onError = vi.fn();
  const signals: AbortSignal[] = [];
  const hang = (_: string, { signal }: LookupContext) => {
    signals.push(signal);
    return new Promise<undefined>(() => {});
  };
  const bot = createAskedBot({ provider: hang, onError });
  for (let index = 0; index < 20; index++) bot.hear(`:n${index}!u@host${index} PRIVMSG bot :alice`);
  expect(await bot.end(AbortSignal.abort())).toEqual([]);
  await vi.waitFor(() => expect(signals.map(({ aborted }) => aborted)).toEqual(Array(8).fill(true)));
  expect(onError).not.toHaveBeenCalled();
  bot.hear(`${ADA} PRIVMSG bot :alice`);
  expect(bot.session.sent).toEqual([]);
});

it("answers nobody who says the same again and again", async () => {
  const said = `${ADA} PRIVMSG bot :alice`;
  expect(await ask(Array(8).fill(said))).toHaveLength(4);
});

const HOSTILE = fc.string({
  unit: fc.constantFrom(
    "\r",
    "\n",
    "\0",
    "\x01",
    "\x02",
    "\x03",
    "\x1b",
    "\u202e",
    " ",
    "@",
    "é",
    "👩‍👩‍👧",
    ":",
    "a",
    "/W ",
    "!finger ",
  ),
  maxLength: 60,
});
const NAMES = fc.string({
  unit: fc.constantFrom("\r", "\n", "\x01", " ", ",", "#", ":", "a", "é"),
  minLength: 1,
  maxLength: 6,
});

it("makes no line that ends early, or is too long, of whatever is asked and answered", async () => {
  let count = 0;
  const asker = fc.oneof(
    fc.constant({ name: "ada", user: "a", host: "host" }),
    fc.record({ name: NAMES, user: NAMES, host: NAMES }),
  );
  const target = fc.oneof({ weight: 4, arbitrary: fc.constantFrom("bot", "#c") }, NAMES);
  const text = fc.oneof(
    HOSTILE,
    HOSTILE.map((some) => `\x01PING ${some}`),
    HOSTILE.map((some) => `!finger ${some}`),
  );
  const property = fc.asyncProperty(
    asker,
    target,
    text,
    HOSTILE,
    fc.integer({ min: 0, max: 80 }),
    async (source, to, said, status, room) => {
      const session = createMemorySession({ room });
      const onError = vi.fn();
      const lookup = (name: string) => (name.length % 2 === 0 ? status : { login: name, status, plan: said });
      const bot = createBot(resolveRules({ provider: lookup, forward: lookup, host: status, onError }));
      bot.hear({ tags: new Map(), source, command: "PRIVMSG", params: [to, said] }, session);
      await bot.end();
      expect(onError).not.toHaveBeenCalled();
      count += session.sent.length;
      for (const line of session.sent) {
        const [, command = "", , body = ""] = /^(PRIVMSG|NOTICE) (\S+) :?(.*)$/su.exec(line) ?? [];
        expect(line).not.toMatch(/[\r\n\0]/);
        expect(command === "NOTICE" ? body.replace(/^\x01[^\x01]+\x01$/, "") : line).not.toContain("\x01");
        expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(room);
      }
    },
  );
  await fc.assert(property, { numRuns: 300 });
  expect(count).toBeGreaterThan(50);
});
