import { expect, it } from "vitest";
import { parseMessage } from "../irc/message.js";
import { createRegistration, type RegistrationOptions } from "./registration.js";

type Exchange = ReadonlyArray<readonly [heard: string, said: readonly string[]]>;

const BOT: RegistrationOptions = { nick: "bot", user: "finger", realName: "A bot", isPrivate: true };
const WELCOME = ":srv 001 bot :Welcome";

/** Plays what the server says, sees what is said to it, and gives what came of it. */
function play(options: Partial<RegistrationOptions>, exchange: Exchange) {
  const registration = createRegistration({ ...BOT, ...options });
  const steps = exchange.map(([heard, said]) => {
    const message = parseMessage(heard);
    if (message === undefined) throw new Error(`${heard} is no line.`);
    const step = registration.hear(message);
    expect(
      step.lines.map((line) => line.join(" ")),
      heard,
    ).toEqual(said);
    return step;
  });
  return {
    outcome: steps.at(-1)?.outcome,
    isIdentified: registration.isIdentified,
    troubles: steps.flatMap(({ trouble }) => trouble?.code ?? []),
  };
}

it("begins with what it can do, the password, and who it is", () => {
  const { opening } = createRegistration({ ...BOT, password: "secret words" });
  expect(opening).toEqual([
    ["CAP", "LS", "302"],
    ["PASS", "secret words"],
    ["NICK", "bot"],
    ["USER", "finger", "0", "*", "A bot"],
  ]);
  expect(createRegistration(BOT).opening.map(([command]) => command)).toEqual(["CAP", "NICK", "USER"]);
});

const WITHOUT_ACCOUNT: ReadonlyArray<readonly [why: string, exchange: Exchange]> = [
  [
    "a server that knows no CAP",
    [
      [":srv 421 * CAP :Unknown command", []],
      [WELCOME, []],
    ],
  ],
  ["one that does not answer to it", [[WELCOME, []]]],
  [
    "one that knows the word alone",
    [
      ["CAP * LS :", ["CAP END"]],
      [WELCOME, []],
    ],
  ],
  [
    "one that calls it a wrong word",
    [
      [":srv 410 * LS :Invalid CAP command", ["CAP END"]],
      [WELCOME, []],
    ],
  ],
  [
    "a list of several lines",
    [
      [":srv CAP * LS * :multi-prefix account-tag", []],
      [":srv CAP * LS * :sasl=PLAIN extended-join", []],
      [":srv CAP * LS :message-tags", ["CAP REQ message-tags account-tag"]],
      [":srv CAP bot ACK :message-tags ", []],
      [":srv CAP bot NAK :account-tag", ["CAP END"]],
      [WELCOME, []],
    ],
  ],
  [
    "what is given in one line, with signs",
    [
      ["CAP * LS :message-tags chghost", ["CAP REQ message-tags chghost"]],
      ["CAP * ACK :~message-tags =chghost", ["CAP END"]],
    ],
  ],
  [
    "a refusal of what was asked for together",
    [
      ["CAP * LS :message-tags chghost", ["CAP REQ message-tags chghost"]],
      ["CAP * NAK :message-tags chghost", ["CAP REQ message-tags", "CAP REQ chghost"]],
      ["CAP * NAK :message-tags", []],
      ["CAP * ACK :chghost", ["CAP END"]],
    ],
  ],
  [
    "a list that is said twice",
    [
      ["CAP * LS :chghost", ["CAP REQ chghost"]],
      ["CAP * LS :chghost", []],
      ["CAP * ACK chghost", ["CAP END"]],
    ],
  ],
  [
    "answers to nothing, and numerics that are not meant",
    [
      ["CAP * ACK :rubbish", []],
      ["CAP", []],
      ["CAP *", []],
      ["AUTHENTICATE +", []],
      [":srv 903 x :fine", []],
      [":srv 904", []],
      ["999", []],
      [WELCOME, []],
    ],
  ],
  [
    "what comes and goes meanwhile",
    [
      ["CAP * NEW :chghost", []],
      ["CAP * DEL :other", []],
      ["CAP * LS :chghost account-tag", ["CAP REQ account-tag chghost"]],
      ["CAP * ACK :account-tag", []],
      ["CAP * NEW :message-tags other", ["CAP REQ message-tags"]],
      ["CAP * DEL :chghost", []],
      ["CAP * ACK :message-tags", ["CAP END"]],
      [":srv 410 * x :Invalid CAP command", []],
      [WELCOME, []],
      ["CAP bot NEW :chghost sasl", ["CAP REQ chghost"]],
      ["CAP bot ACK :chghost", []],
      [":srv 433 bot x :in use", []],
    ],
  ],
  [
    "nicks that are taken, in each of the ways",
    [
      [":srv 433 * bot :Nickname is already in use", ["NICK bot_"]],
      [":srv 436 * bot_ :Collision", ["NICK bot__"]],
      [":srv 437 * bot__ :Unavailable", ["NICK bot1"]],
      [":srv 432 *", ["NICK bot2"]],
    ],
  ],
];

it.each(WITHOUT_ACCOUNT)("gets on with %s", (_, exchange) => {
  expect(play({}, exchange).troubles).toEqual([]);
});

it("takes batches, by which what was said before it came is known", () => {
  play({}, [["CAP * LS :batch other", ["CAP REQ batch"]]]);
});

const NAMES: ReadonlyArray<readonly [line: string, nick: string, why: string]> = [
  [":srv 001 bo :Welcome", "bo", "the server has cut it"],
  [":srv 001 0AAAAAAB :Welcome", "0AAAAAAB", "the server has chosen it"],
  [":srv 001", "bot", "the server has said nothing"],
  [":srv 001 :", "bot", "nor here"],
  [":srv 001 :Welcome to us", "bot", "nor here"],
  [":srv 001 * :Welcome", "bot", "what stands for no nick"],
];

it.each(NAMES)("is called by %j %s: %s", (line, nick) => {
  expect(play({}, [[line, []]]).outcome).toEqual({ kind: "ready", nick });
});

const ACCOUNT = { name: "ada", password: "pw" };
const PLAIN = "AUTHENTICATE YWRhAGFkYQBwdw==";
const TAKEN: Exchange = [
  ["CAP * LS :sasl=PLAIN,EXTERNAL", ["CAP REQ sasl"]],
  ["CAP * ACK :sasl", ["AUTHENTICATE PLAIN"]],
  ["AUTHENTICATE +", [PLAIN]],
];
const LOGGED_IN: Exchange = [
  [":srv 900 * *!*@* ada :You are now logged in", []],
  [":srv 903 * :SASL authentication successful", ["CAP END"]],
  [WELCOME, []],
];

const LOGINS: ReadonlyArray<
  readonly [
    why: string,
    options: Partial<RegistrationOptions>,
    exchange: Exchange,
    isIdentified: boolean,
    troubles: number | readonly string[],
  ]
> = [
  ["by PLAIN", { account: ACCOUNT }, [...TAKEN, ...LOGGED_IN], true, 0],
  [
    "by PLAIN of a server that does not say what it knows",
    { account: ACCOUNT },
    [
      ["CAP * LS :sasl", ["CAP REQ sasl"]],
      ["CAP * ACK :sasl", ["AUTHENTICATE PLAIN"]],
      ["AUTHENTICATE +", [PLAIN]],
      ...LOGGED_IN,
    ],
    true,
    0,
  ],
  [
    "by the certificate",
    { account: { external: true } },
    [
      ["CAP * LS :sasl", ["CAP REQ sasl"]],
      ["CAP * ACK :sasl", ["AUTHENTICATE EXTERNAL"]],
      ["AUTHENTICATE +", ["AUTHENTICATE +"]],
      ...LOGGED_IN,
    ],
    true,
    0,
  ],
  [
    "by the password when the certificate is not known",
    { account: { ...ACCOUNT, external: true } },
    [
      ["CAP * LS :sasl", ["CAP REQ sasl"]],
      ["CAP * ACK :sasl", ["AUTHENTICATE EXTERNAL"]],
      ["AUTHENTICATE +", ["AUTHENTICATE +"]],
      [":srv 904 * :SASL authentication failed", ["AUTHENTICATE PLAIN"]],
      ["AUTHENTICATE +", [PLAIN]],
      ...LOGGED_IN,
    ],
    true,
    0,
  ],
  [
    "that is there already",
    { account: ACCOUNT },
    [...TAKEN, [":srv 907 * :already", ["CAP END"]], [WELCOME, []]],
    true,
    0,
  ],
  ...["902", "904", "905", "906"].map(
    (code) =>
      [
        `that fails with ${code}`,
        { account: ACCOUNT },
        [...TAKEN, [`:srv ${code} * :Failed`, ["CAP END"]], [WELCOME, []]],
        false,
        1,
      ] as const,
  ),
  [
    "that the server takes back in the middle",
    { account: ACCOUNT },
    [
      ["CAP * LS :sasl", ["CAP REQ sasl"]],
      ["CAP * ACK :sasl", ["AUTHENTICATE PLAIN"]],
      ["CAP * DEL :sasl", ["CAP END"]],
      [":srv 903 * :fine", []],
      [WELCOME, []],
    ],
    false,
    ["ERR_FINGER_REFUSED"],
  ],
  [
    "by what the server does not know",
    { account: ACCOUNT },
    [
      ["CAP * LS :sasl=SCRAM-SHA-256", ["CAP REQ sasl"]],
      ["CAP * ACK :sasl", ["CAP END"]],
      [WELCOME, []],
    ],
    false,
    1,
  ],
  [
    "by what the server tells late that it does not know",
    { account: { ...ACCOUNT, external: true } },
    [
      ["CAP * LS :sasl", ["CAP REQ sasl"]],
      ["CAP * ACK :sasl", ["AUTHENTICATE EXTERNAL"]],
      [":srv 908 * SCRAM-SHA-256 :are available", []],
      [":srv 904 * :Failed", ["CAP END"]],
      [WELCOME, []],
    ],
    false,
    1,
  ],
  [
    "of a server without SASL",
    { account: ACCOUNT },
    [
      ["CAP * LS :", ["CAP END"]],
      [WELCOME, []],
    ],
    false,
    0,
  ],
  [
    "that would be overheard",
    { account: ACCOUNT, isPrivate: false },
    [
      ["CAP * LS :sasl=PLAIN", ["CAP END"]],
      [WELCOME, []],
    ],
    false,
    0,
  ],
  [
    "with other capabilities, and a nick that is taken meanwhile",
    { account: ACCOUNT },
    [
      ["CAP * LS :sasl chghost", ["CAP REQ chghost sasl"]],
      ["CAP * ACK :sasl", ["AUTHENTICATE PLAIN"]],
      [":srv 433 * bot :in use", ["NICK bot_"]],
      ["CAP * ACK :chghost", []],
      ["AUTHENTICATE +", [PLAIN]],
      ["AUTHENTICATE +", []],
      ...LOGGED_IN,
    ],
    true,
    0,
  ],
];

it.each(LOGINS)("makes of a login %s the best", (_, options, exchange, isIdentified, troubles) => {
  const end = play(options, exchange);
  expect(end.outcome).toMatchObject({ kind: "ready" });
  expect(end.isIdentified).toBe(isIdentified);
  expect(end.troubles).toEqual(typeof troubles === "number" ? Array(troubles).fill("ERR_FINGER_DENIED") : troubles);
});

const STUCK: ReadonlyArray<readonly [why: string, heard: readonly string[], said: readonly string[]]> = [
  ["a list without end", ["CAP * LS * :chghost", "CAP * LS * :sasl"], ["CAP END"]],
  ["a request that is not answered", ["CAP * LS :sasl"], ["CAP END"]],
  ["a login that is not answered", ["CAP * LS :sasl", "CAP * ACK :sasl"], ["AUTHENTICATE *", "CAP END"]],
];

it.each(STUCK)("waits 15 s for %s, and goes on", (_, heard, said) => {
  const registration = createRegistration({ ...BOT, account: ACCOUNT });
  for (const line of heard) {
    const message = parseMessage(line);
    if (message !== undefined) registration.hear(message);
  }
  for (const now of [5_000, 19_999]) expect(registration.tick(now)).toEqual({ lines: [] });
  const { lines, trouble } = registration.tick(20_000);
  expect(lines.map((line) => line.join(" "))).toEqual(said);
  expect(trouble).toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
  expect(registration.tick(90_000)).toEqual({ lines: [] });
});

it("waits for no capabilities of a server that has none", () => {
  const registration = createRegistration({ ...BOT, account: ACCOUNT });
  for (const now of [0, 50_000]) expect(registration.tick(now)).toEqual({ lines: [] });
});

it.each([
  ["010", "option server"],
  ["464", "server.password"],
  ["465", "operators"],
  ["463", "operators"],
])("gives up at %s and says what to do", (code, advice) => {
  const { outcome } = play({}, [[`:srv ${code} bot :You are\x03 not welcome.`, []]]);
  expect(outcome).toMatchObject({
    kind: "refused",
    error: { code: "ERR_FINGER_DENIED", message: expect.stringContaining(advice) },
  });
});

it("gives up when no nick is free", () => {
  const registration = createRegistration(BOT);
  const refusal = parseMessage(":srv 433 * bot :in use");
  for (let tries = 1; tries < 100; tries++) {
    const { outcome } = refusal ? registration.hear(refusal) : {};
    if (outcome === undefined) continue;
    expect(outcome).toMatchObject({ kind: "refused", error: { code: "ERR_FINGER_REFUSED" } });
    return expect(tries).toBeLessThan(30);
  }
  throw new Error("It never gave up.");
});
