import { FingerError, type FingerErrorCode } from "finger-protocol";
import { expect, it, vi } from "vitest";
import type { IrcSetting } from "../options.js";
import { createAskedBot } from "../testing/ask-bot.js";

const ADA = ":ada!a@host";

function createSetting(set: IrcSetting["setter"]["set"] = vi.fn()) {
  const setting: IrcSetting = {
    setter: { set },
    toLogin: (account) => (account === "Ada" ? "ada" : undefined),
  };
  return { setting, set, bot: createAskedBot({ provider: () => undefined, setting, onError: () => {} }) };
}

it("sets the status of the account that the server tells of", async () => {
  const { bot, set } = createSetting();
  bot.hear(`@account=Ada ${ADA} PRIVMSG bot :!status On the \x02train\x02`);
  expect(await bot.end()).toEqual(["PRIVMSG ada OK"]);
  const peer = { address: "", port: undefined, login: "ada" };
  expect(set).toHaveBeenCalledWith({ login: "ada", text: "On the train" }, peer);
});

it("asks the server for the account where it does not tell", async () => {
  const { bot, set } = createSetting();
  bot.hear(`${ADA} PRIVMSG bot :!status Out`);
  expect(bot.session.sent).toEqual(["WHOIS ada"]);
  bot.hear(":irc.example 311 bot ada a host * :Ada");
  bot.hear(":irc.example 330 bot ada Ada :is logged in as");
  bot.hear(":irc.example 318 bot ada :End of /WHOIS list.");
  expect(await bot.end()).toEqual(["WHOIS ada", "PRIVMSG ada OK"]);
  expect(set).toHaveBeenCalledOnce();
});

it("sets what was said last, though what was said before had to wait for the server", async () => {
  const { bot, set } = createSetting();
  bot.hear(`${ADA} PRIVMSG bot :!status older`);
  bot.hear(`@account=Ada ${ADA} PRIVMSG bot :!status newer`);
  for (const line of ["311 bot ada a host * :Ada", "330 bot ada Ada :is", "318 bot ada :End"])
    bot.hear(`:irc.example ${line}`);
  await vi.waitFor(() => expect(set).toHaveBeenCalledTimes(2));
  expect(vi.mocked(set).mock.calls.map(([{ text }]) => text)).toEqual(["older", "newer"]);
  await bot.end();
});

const STRANGERS: ReadonlyArray<[answers: readonly string[], why: string]> = [
  [[":irc.example 401 bot ada :No such nick"], "she has left"],
  [[":irc.example 311 bot ada a host * :Ada", ":irc.example 318 bot ada :End"], "she has not identified"],
  [[":irc.example 330 bot ada Ada :is", ":irc.example 318 bot ada :End"], "nobody knows whether it is the same"],
  [
    [":irc.example 311 bot ada b other * :Ada", ":irc.example 330 bot ada Ada :is", ":irc.example 318 bot ada :End"],
    "another has the nick now",
  ],
  [
    [":irc.example 311 bot ada a host * :Ada", ":eve!e@host 330 bot ada Ada :is", ":irc.example 318 bot ada :End"],
    "no server has said so",
  ],
];

it.each(STRANGERS)("does not set it when the server says %j: %s", async (answers) => {
  const { bot, set } = createSetting();
  bot.hear(`${ADA} PRIVMSG bot :!status Out`);
  for (const line of answers) bot.hear(line);
  const sent = await bot.end();
  expect(sent.at(-1)).toBe("PRIVMSG ada :Refused: identify to the services of this network first.");
  expect(set).not.toHaveBeenCalled();
});

it("says in its help that it can be set, where it can", async () => {
  const { bot } = createSetting();
  bot.hear(`${ADA} PRIVMSG bot :help`);
  expect((await bot.end()).at(-1)).toMatch(/ Say !status and a text to me to set yours\.$/);
});

it("says so when too much is said to ask the server", async () => {
  const { bot, set } = createSetting();
  bot.session.left = 0;
  bot.hear(`${ADA} PRIVMSG bot :!status Out`);
  bot.session.left = 10;
  expect(await bot.end()).toEqual([
    "PRIVMSG ada :Not stored: too much is going on here; please try again in a minute.",
  ]);
  expect(set).not.toHaveBeenCalled();
});

it("says so, too, when the server does not say who it is", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { bot, set } = createSetting();
    bot.hear(`${ADA} PRIVMSG bot :!status Out`);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(bot.session.sent).toEqual([
      "WHOIS ada",
      "PRIVMSG ada :Not stored: too much is going on here; please try again in a minute.",
    ]);
    expect(set).not.toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
  }
});

it("answers others, though a setter hangs", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const setting: IrcSetting = { setter: { set: () => new Promise(() => {}) }, toLogin: (account) => account };
    const onError = vi.fn();
    const bot = createAskedBot({ provider: () => "Out", setting, onError });
    for (let index = 0; index < 8; index++) bot.hear(`@account=A :n${index}!a@host${index} PRIVMSG bot :!status Out`);
    bot.hear(`${ADA} PRIVMSG bot :alice`);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(bot.session.sent).toContain("PRIVMSG ada :Status of alice: Out");
    expect(bot.session.sent.filter((line) => line.includes(" :Perhaps not stored: "))).toHaveLength(8);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: "ERR_FINGER_TIMEOUT" }));
  } finally {
    vi.useRealTimers();
  }
});

it("does not wait for a server that says nothing when it is to end at once", async () => {
  const { bot } = createSetting();
  bot.hear(`${ADA} PRIVMSG bot :!status Out`);
  expect(await bot.end(AbortSignal.abort())).toEqual(["WHOIS ada"]);
});

const OTHERS: ReadonlyArray<[line: string, answers: readonly string[], why: string]> = [
  [
    `@account=Eve ${ADA} PRIVMSG bot :!status Out`,
    ["PRIVMSG ada :Refused: there is no status for the account Eve."],
    "no login",
  ],
  [`@account=Ada ${ADA} PRIVMSG bot :!status`, ["PRIVMSG ada :Say !status and what it is to be."], "no status"],
  [`@account=Ada ${ADA} PRIVMSG #c :!status Out`, [], "in a channel"],
];

it.each(OTHERS)("answers %j with %j: %s", async (line, answers) => {
  const { bot, set } = createSetting();
  bot.hear(line);
  expect(await bot.end()).toEqual(answers);
  expect(set).not.toHaveBeenCalled();
});

const REFUSALS: ReadonlyArray<[code: FingerErrorCode | undefined, answer: string]> = [
  ["ERR_FINGER_DENIED", "its words"],
  ["ERR_FINGER_INVALID", "its words"],
  ["ERR_FINGER_LIMITED", "its words"],
  ["ERR_FINGER_STORE", "Not stored; please try again later."],
  ["ERR_FINGER_IO", "Perhaps not stored: ask for the status to see, and try again later."],
  [undefined, "Perhaps not stored: ask for the status to see, and try again later."],
];

it.each(REFUSALS)("of a setter that fails with %s says %j", async (code, answer) => {
  const error = code === undefined ? new Error("its words") : new FingerError(code, "its words");
  const { bot } = createSetting(() => Promise.reject(error));
  bot.hear(`@account=Ada ${ADA} PRIVMSG bot :!status Out`);
  expect(await bot.end()).toEqual([`PRIVMSG ada :${answer}`]);
});
