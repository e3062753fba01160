import { readFileSync } from "node:fs";
import { createFingerBot, type FingerBotOptions } from "finger-adapters-irc";
import { FingerError } from "finger-protocol";
import { memoryProvider, type Service } from "finger-server";
import { beforeAll, expect, it, type TestContext, vi } from "vitest";
import { type Certificate, makeCertificate } from "./support/certificate.js";
import { type IrcClient, openIrcClient } from "./support/irc-client.js";
import { type Ngircd, type NgircdOptions, startNgircd } from "./support/ngircd-process.js";
import { describePeer, hasCommand } from "./support/peer.js";

vi.setConfig({ maxConcurrency: 16 });

/** More than a line holds: characters of one to four bytes, and some that are made of several. */
const LONG = "Grüße aus Łódź 🚂 über 東京 👩‍👩‍👧 ".repeat(20).trim();
const UNBROKEN = "é東🚂👩‍👩‍👧".repeat(60);

const provider = memoryProvider({
  alice: "Happy and well",
  bob: "one\ntwo\nthree\nfour",
  carol: "\x02On\x02 the \x0304,01train\x03\x1f to\x0f Ulm",
  dora: LONG,
  emil: UNBROKEN,
  fred: { name: "Fred Fox", status: "Away", plan: "Sleep" },
});

/** Whoever asks here comes from this machine, and would be one. */
const limits = { perAsker: false, perChannel: false } as const;

/** A network, somebody who is in its channel #pub, and a bot that has not started. */
interface Meeting {
  readonly server: Ngircd;
  readonly ada: IrcClient;
  readonly bot: Service;
  /** What the bot told of: code and message. */
  readonly errors: readonly string[];
  enter(nick: string): Promise<IrcClient>;
}

type BotOptions = Partial<FingerBotOptions>;

/** Each test has a network of its own, for most of the time they all wait together for a bot that is polite. */
async function meet(
  { onTestFinished }: TestContext,
  options: BotOptions | ((server: Ngircd) => BotOptions) = {},
  how: NgircdOptions = {},
): Promise<Meeting> {
  const server = await startNgircd(how);
  onTestFinished(server.close);
  const enter = async (nick: string) => {
    const client = await openIrcClient({ port: server.port, nick });
    onTestFinished(client.close);
    return client;
  };
  const ada = await enter("ada");
  ada.say("JOIN #pub");
  await ada.hear(/ 366 ada #pub /);
  const errors: string[] = [];
  const bot = createFingerBot({
    provider,
    limits,
    server: { host: "127.0.0.1", port: server.port, tls: false },
    channels: ["#pub"],
    onError: (error) => errors.push(FingerError.is(error) ? `${error.code} ${error.message}` : String(error)),
    ...(typeof options === "function" ? options(server) : options),
  });
  onTestFinished(() => bot.stop());
  return { server, ada, bot, errors, enter };
}

/** The same, and the bot has come to #pub. */
async function meetThere(...args: Parameters<typeof meet>): Promise<Meeting> {
  const meeting = await meet(...args);
  await meeting.bot.start();
  await meeting.ada.hear(CAME);
  return meeting;
}

const CAME = /^:finger!\S+ JOIN :?#pub$/;

/** The text of a message. */
function toText(line: string): string {
  return line.replace(/^\S+ \S+ \S+ :/, "");
}

const HELP = "Say a name to me, or !finger NAME in a channel, and I tell the status; -l NAME tells all that is known.";

const ASKED: ReadonlyArray<[line: string, answer: string, why: string]> = [
  ["PRIVMSG finger :alice", "PRIVMSG ada :Status of alice: Happy and well", "as in the tutorial"],
  ["PRIVMSG finger :finger alice", "PRIVMSG ada :Status of alice: Happy and well", "as at a shell"],
  ["PRIVMSG finger :-l fred", "PRIVMSG ada :Status of fred: Away", "all that is known begins so"],
  ["PRIVMSG finger :nobody", "PRIVMSG ada :Status of nobody: No such user", "nobody is called that"],
  ["PRIVMSG finger :alice@example.org", "PRIVMSG ada :Finger forwarding service denied", "others are not asked"],
  ["PRIVMSG finger :list", "PRIVMSG ada :alice, bob, carol, dora, emil, fred", "who there is"],
  ["PRIVMSG finger :help", `PRIVMSG ada :${HELP} Say list to me for who there is.`, "what can be asked"],
  ["PRIVMSG finger :carol", "PRIVMSG ada :Status of carol: On the train to Ulm", "colours are no text"],
  ["PRIVMSG #pub :!finger alice", "PRIVMSG #pub :Status of alice: Happy and well", "all there may know"],
  ["PRIVMSG finger :\x01FINGER\x01", "NOTICE ada :\x01FINGER A finger server: say help\x01", "who it is"],
  ["PRIVMSG finger :\x01VERSION\x01", "NOTICE ada :\x01VERSION finger-adapters-irc\x01", "what it is"],
  ["PRIVMSG finger :\x01PING 1 2\x01", "NOTICE ada :\x01PING 1 2\x01", "how far away it is"],
  [
    "PRIVMSG finger :\x01CLIENTINFO\x01",
    "NOTICE ada :\x01CLIENTINFO CLIENTINFO FINGER PING VERSION\x01",
    "what it does",
  ],
];

const LONGER: ReadonlyArray<[why: string, login: string, text: string, seam: string, channels: readonly string[]]> = [
  ["at blanks", "dora", LONG, " ", ["#pub"]],
  ["between characters, where there are no blanks", "emil", UNBROKEN, "", ["#pub"]],
  ["also before it has seen what the server puts in front", "emil", UNBROKEN, "", []],
];

const DISTRUSTED: ReadonlyArray<[host: string, trusts: boolean, error: RegExp, why: string]> = [
  ["localhost", false, /self-signed certificate.*; trust its issuer by the option server\.tls\.ca/, "nobody signed it"],
  ["127.0.0.1", true, /IP: 127\.0\.0\.1 is not in the cert's list/, "it is for another name"],
];

const NICKS: ReadonlyArray<[nick: string, given: string, why: string]> = [
  ["finger", "finger_", "there is room"],
  ["fingerbot", "fingerbo_", "a longer one is none to this server"],
];

describePeer("ngIRCd", hasCommand("ngircd"), "apt-get install ngircd", () => {
  let certificate: Certificate;
  let ca: Buffer;
  beforeAll(() => {
    certificate = makeCertificate("localhost");
    ca = readFileSync(certificate.cert);
  });

  it.concurrent.for(ASKED)("hears %j, and says %j: %s", async ([line, answer], test) => {
    const { ada } = await meetThere(test);
    ada.say(line);
    expect(await ada.hear(/^:finger!/)).toBe(`:finger!~finger@127.0.0.1 ${answer}`);
  });

  it.concurrent("says that it is a bot", async (test) => {
    const { ada } = await meetThere(test);
    await test.expect
      .poll(async () => {
        ada.say("WHOIS finger");
        return ada.hear(/ (?:335|318) ada finger /);
      })
      .toMatch(/ 335 ada finger :.*[Bb]ot/);
  });

  it.concurrent("goes by NOTICE to who asked in a channel for several lines, and says where more is", async (test) => {
    const { ada } = await meetThere(test, { host: "host.example", limits: { ...limits, lines: 2 } });
    ada.say("PRIVMSG #pub :!finger bob");
    for (const text of ["Status of bob: one", "two", "… more on finger://host.example/bob"]) {
      expect(await ada.hear(/^:finger!/)).toBe(`:finger!~finger@127.0.0.1 NOTICE ada :${text}`);
    }
  });

  it.concurrent.for(LONGER)("says in several lines what is longer than one, split %s", async (row, test) => {
    const [, login, status, seam, channels] = row;
    const { ada, bot } = await meet(test, { channels, limits: { ...limits, lines: 20 } });
    await bot.start();
    await test.expect.poll(() => isThere(ada), { timeout: 10_000, interval: 500 }).toBe(true);
    ada.say(`PRIVMSG finger :${login}`);
    const answer = `Status of ${login}: ${status}`;
    const lines: string[] = [];
    const join = () => lines.map(toText).join(seam);
    while (join().length < answer.length) lines.push(await ada.hear(/^:finger!\S+ PRIVMSG ada :/));
    expect(join()).toBe(answer);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(510);
  });

  it.concurrent("answers no NOTICE, and goes to no channel that it is invited to", async (test) => {
    const { ada } = await meetThere(test);
    for (const line of ["JOIN #too", "INVITE finger #too", "NOTICE finger :bob", "NOTICE #pub :!finger bob"])
      ada.say(line);
    for (const line of ["NOTICE finger :\x01VERSION\x01", "PRIVMSG finger :alice"]) ada.say(line);
    await ada.hear(/^:finger!\S+ PRIVMSG ada :Status of alice/, 20_000);
    const said = ada.lines.filter((line) => /^:finger!\S+ (?:JOIN|PRIVMSG|NOTICE) /.test(line));
    expect(said.map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "JOIN :#pub",
      "PRIVMSG ada :Status of alice: Happy and well",
    ]);
  });

  it.concurrent("answers over TLS, whose certificate it verifies", async (test) => {
    const toOptions = ({ tlsPort }: Ngircd) => ({ server: { host: "localhost", port: tlsPort, tls: { ca } } });
    const { ada } = await meetThere(test, toOptions, { certificate });
    ada.say("PRIVMSG finger :alice");
    expect(toText(await ada.hear(/^:finger!/))).toBe("Status of alice: Happy and well");
  });

  it.concurrent.for(DISTRUSTED)(
    "does not speak to %s over TLS (trusting it: %s), and tells %s: %s",
    async (row, test) => {
      const [host, trusts, error] = row;
      const tls = trusts ? { ca } : true;
      const toOptions = ({ tlsPort }: Ngircd) => ({ server: { host, port: tlsPort, tls } });
      const { bot, errors } = await meet(test, toOptions, { certificate });
      await bot.start();
      await test.expect.poll(() => errors, { timeout: 10_000 }).not.toEqual([]);
      expect(errors).toEqual([expect.stringMatching(/^ERR_FINGER_TLS /)]);
      expect(errors[0]).toMatch(error);
    },
  );

  it.concurrent("is back in its channels when the server was killed and is there again", async (test) => {
    const { server, errors, enter } = await meetThere(test);
    await server.kill();
    await test.expect.poll(() => errors.length, { timeout: 10_000 }).toBeGreaterThan(1);
    await server.start();
    const eve = await enter("eve");
    await test.expect.poll(() => isIn(eve, "#pub"), { timeout: 15_000, interval: 500 }).toBe(true);
    expect(errors).toEqual([
      "ERR_FINGER_IO The server has closed the connection.",
      `ERR_FINGER_CONNECT No server listens on 127.0.0.1, port ${server.port}; try another port.`,
    ]);
  });

  it.concurrent("stays out of where it was kicked from, even when the server was away, and answers there is", async (test) => {
    const { ada, server, enter } = await meetThere(test, { channels: ["#pub", "#too"] });
    ada.say("KICK #pub finger :no robots");
    await ada.hear(/ KICK #pub finger /);
    ada.say("PRIVMSG finger :alice");
    await ada.hear(/^:finger!\S+ PRIVMSG ada :Status of alice/);
    await server.kill();
    await server.start();
    const eve = await enter("eve");
    await test.expect.poll(() => isIn(eve, "#too"), { timeout: 15_000, interval: 500 }).toBe(true);
    expect(await isIn(eve, "#pub")).toBe(false);
  });

  it.concurrent.for(NICKS)(
    "is not %s, whom there is, but %s until that one leaves: %s",
    async ([nick, given], test) => {
      const { ada, bot, enter } = await meet(test, { nick });
      const holder = await enter(nick);
      holder.say("JOIN #pub");
      await ada.hear(/ JOIN /);
      await bot.start();
      await ada.hear(new RegExp(`^:${given}!\\S+ JOIN :?#pub$`));
      holder.say("QUIT :bye");
      await ada.hear(new RegExp(`^:${given}!\\S+ NICK :?${nick}$`));
      ada.say(`PRIVMSG ${nick} :alice`);
      expect(await ada.hear(/ PRIVMSG ada /)).toMatch(new RegExp(`^:${nick}!`));
    },
  );

  it.concurrent("is called as much of its name as the server takes", async (test) => {
    const { ada, bot } = await meet(test, { nick: "fingerserver" });
    await bot.start();
    await ada.hear(/^:fingerser!\S+ JOIN :?#pub$/);
  });

  it.concurrent("comes back when a ban is lifted, and told once of it until then", async (test) => {
    const { ada, errors } = await meetThere(test);
    for (const line of ["OPER god secret", "KLINE *!*finger@* 600 :no robots"]) ada.say(line);
    await ada.hear(/^:finger!\S+ QUIT /);
    await test.expect.poll(() => errors.length, { timeout: 15_000 }).toBe(2);
    ada.say("KLINE *!*finger@*");
    await ada.hear(CAME, 20_000);
    expect(errors).toEqual([
      expect.stringMatching(/: K-Line .*no robots/),
      expect.stringMatching(/: Access denied: .*no robots/),
    ]);
  });

  it.concurrent("comes when there is room again for its address, and told why it could not", async (test) => {
    const { ada, bot, errors, enter } = await meet(test, {}, { perAddress: 2 });
    const eve = await enter("eve");
    await bot.start();
    await test.expect.poll(() => errors, { timeout: 10_000 }).not.toEqual([]);
    await eve.close();
    await ada.hear(CAME, 20_000);
    expect(errors).toEqual([
      expect.stringMatching(/^ERR_FINGER_IO The server has closed the connection: .*connections/),
    ]);
  });

  it.concurrent("gives the key of a channel, and tells of one that it does not have the key of", async (test) => {
    const { ada, bot, errors } = await meet(test, { channels: ["#pub secret", "#too wrong"] });
    for (const line of ["MODE #pub +k secret", "JOIN #too", "MODE #too +k secret"]) ada.say(line);
    await ada.hear(/ MODE #too \+k secret/);
    await bot.start();
    await ada.hear(CAME);
    await test.expect.poll(() => errors, { timeout: 10_000 }).not.toEqual([]);
    expect(errors).toEqual([
      expect.stringMatching(
        /^ERR_FINGER_REFUSED #too does not let the bot in \(475: .*\); it tries again every 5 minutes\.$/,
      ),
    ]);
  });

  it.concurrent("says QUIT when it stops, which the channel sees", async (test) => {
    const { ada, bot, errors } = await meetThere(test);
    await bot.stop();
    expect(await ada.hear(/^:finger!\S+ QUIT /)).toContain("The finger server stops");
    expect(errors).toEqual([]);
  });

  it.concurrent("stops soon when the server hangs", async (test) => {
    const { bot, server } = await meetThere(test);
    server.signal("SIGSTOP");
    const began = performance.now();
    await bot.stop();
    expect(performance.now() - began).toBeLessThan(6_000);
  });
});

/** Whether the bot is on the network. */
async function isThere(client: IrcClient): Promise<boolean> {
  client.say("ISON finger");
  return (await client.hear(/ 303 /)).includes("finger");
}

/** Whether the bot is in a channel. */
async function isIn(client: IrcClient, channel: string): Promise<boolean> {
  const before = client.lines.length;
  client.say(`NAMES ${channel}`);
  await client.hear(/ 366 /);
  return client.lines.slice(before).some((line) => / 353 .*\bfinger\b/.test(line));
}
