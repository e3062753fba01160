import { memoryProvider } from "finger-server";
import { expect, it, type TestContext } from "vitest";
import { hasInspIRCd, type InspIRCd, type InspIRCdOptions, OPER, startInspIRCd } from "./support/inspircd-process.js";
import { type IrcClient, openIrcClient } from "./support/irc-client.js";
import { startBot } from "./support/met-bot.js";
import { describePeer } from "./support/peer.js";

/** A bot takes about 8 s to be in its channels: what it says to get in counts as what it says. */
const JOINS = 15_000;

async function startServer(context: TestContext, options?: InspIRCdOptions): Promise<InspIRCd> {
  const server = await startInspIRCd(options);
  context.onTestFinished(server.close);
  return server;
}

async function enter(context: TestContext, { port }: InspIRCd, nick: string, password?: string): Promise<IrcClient> {
  const client = await openIrcClient({ port, nick, password });
  context.onTestFinished(client.close);
  return client;
}

/** Somebody who may do anything. */
async function enterAsOper(context: TestContext, server: InspIRCd, password?: string): Promise<IrcClient> {
  const root = await enter(context, server, "root", password);
  root.say(OPER);
  await root.hear(/ 381 /);
  return root;
}

const toPlace = ({ port }: InspIRCd) => ({ host: "127.0.0.1", port, tls: false });

const LONG = "Grüße aus dem Zug nach Tōkyō, 東京まであと五時間です。 ".repeat(10).trim();

describePeer("InspIRCd", hasInspIRCd, "apt-get install inspircd", () => {
  it.concurrent("does not take ten who ask at once, as a server of its kind has it, for a flood", async (context) => {
    const server = await startServer(context);
    const bot = await startBot(context, { server: toPlace(server), limits: { perAsker: false } });
    await bot.isThere();
    const names = Array.from("abcdefghij", (letter) => `ada-${letter}`);
    const askers = await Promise.all(names.map((name) => enter(context, server, name)));
    for (const asker of askers) asker.say("PRIVMSG finger :alice");
    await Promise.all(askers.map((asker) => asker.hear(/^:finger!.* :Status of alice: Happy and well$/, 29_000)));
    expect(bot.errors).toEqual([]);
  });

  it.concurrent("answers nothing that was asked before it came, of which the server tells again", async (context) => {
    const modules = ["chanhistory", "ircv3_batch", "ircv3_servertime"].map((name) => `<module name="${name}">`);
    const server = await startServer(context, { more: modules.join("\n") });
    const ada = await enter(context, server, "ada");
    for (const line of ["JOIN #one", "MODE #one +H 10:1h", "PRIVMSG #one :!finger old"]) ada.say(line);
    await startBot(context, { server: toPlace(server), channels: ["#one"] });
    await ada.hear(/^:finger!.* JOIN /, JOINS);
    ada.say("PRIVMSG #one :!finger alice");
    await ada.hear(/^:finger!.* PRIVMSG #one :Status of alice: Happy and well$/);
    expect(ada.lines.filter((line) => line.includes("Status of old"))).toEqual([]);
  });

  it.concurrent("is back after a crash of the server, and in its channels", async (context) => {
    const server = await startServer(context);
    const bot = await startBot(context, { server: toPlace(server), channels: ["#one"] });
    await bot.isThere();
    await server.kill();
    await context.expect.poll(() => bot.errors).not.toEqual([]);
    await server.start();
    const ada = await enter(context, server, "ada");
    ada.say("JOIN #one");
    await ada.hear(/^:finger!.* JOIN /, 25_000);
    ada.say("PRIVMSG #one :!finger alice");
    await ada.hear(/^:finger!.* PRIVMSG #one :Status of alice: Happy and well$/);
  });

  it.concurrent("stays out of where it was kicked from, and is back when it was killed", async (context) => {
    const server = await startServer(context);
    const root = await enterAsOper(context, server);
    root.say("JOIN #one,#two");
    const bot = await startBot(context, { server: toPlace(server), channels: ["#one", "#two"] });
    await root.hear(/^:finger!.* JOIN :?#two/, JOINS);
    root.say("KICK #one finger :too loud");
    await root.hear(/ KICK #one finger /);
    root.say("KILL finger :too loud");
    await root.hear(/^:finger!.* QUIT /);
    await root.hear(/^:finger!.* JOIN :?#two/, JOINS);
    root.say("WHOIS finger");
    expect(await root.hear(/ 319 /)).toMatch(/ :#two\s*$/);
    expect(bot.errors).toEqual([expect.stringContaining("too loud")]);
  });

  it.concurrent("tells what goes on longer than a line whole, also when its host becomes longer", async (context) => {
    const server = await startServer(context);
    const root = await enterAsOper(context, server);
    const bot = await startBot(context, { server: toPlace(server), provider: memoryProvider({ alice: LONG }) });
    await bot.isThere();
    for (const host of [/@net-\S+ /, /@host-host\S+\.example /]) {
      const pieces: string[] = [];
      root.say("PRIVMSG finger :alice");
      while (pieces.join(" ").length < `Status of alice: ${LONG}`.length) {
        const line = await root.hear(/^:finger!\S+ PRIVMSG root :/, 20_000);
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(510);
        expect(line).toMatch(host);
        pieces.push(line.slice(line.indexOf(" :") + 2));
      }
      expect(pieces.join(" ")).toBe(`Status of alice: ${LONG}`);
      root.say(`CHGHOST finger ${"host-".repeat(11)}.example`);
    }
  });

  it.concurrent("is marked as a bot, and does not answer those that are", async (context) => {
    const server = await startServer(context);
    const ada = await enter(context, server, "ada");
    await startBot(context, { server: toPlace(server) });
    const isMarked = async () => {
      ada.say("WHOIS finger");
      await ada.hear(/ 318 /);
      return ada.lines.some((line) => / 335 ada finger /.test(line));
    };
    await context.expect.poll(isMarked, { timeout: JOINS, interval: 1000 }).toBe(true);
    const robot = await enter(context, server, "robot");
    robot.say("MODE robot +B");
    await robot.hear(/ MODE robot :?\+B/);
    robot.say("PRIVMSG finger :alice");
    robot.say("PRIVMSG ada :asked");
    await ada.hear(/ :asked$/);
    ada.say("PRIVMSG finger :alice");
    await ada.hear(/^:finger!.* :Status of alice: Happy and well$/);
    expect(robot.lines.filter((line) => line.startsWith(":finger!"))).toEqual([]);
  });

  it.concurrent("takes its nick when the one who had it has left", async (context) => {
    const server = await startServer(context);
    const holder = await enter(context, server, "finger");
    const ada = await enter(context, server, "ada");
    for (const client of [holder, ada]) client.say("JOIN #one");
    await startBot(context, { server: toPlace(server), channels: ["#one"] });
    await ada.hear(/^:finger_!.* JOIN /, JOINS);
    holder.say("QUIT");
    await ada.hear(/^:finger_!.* NICK :?finger$/, JOINS);
  });

  const BANS: ReadonlyArray<[ban: string, mask: string]> = [
    ["KLINE", "finger@127.0.0.1"],
    ["GLINE", "finger@127.0.0.*"],
  ];

  it.concurrent.for(BANS)("is back when a %s of it is lifted", async ([ban, mask], context) => {
    const server = await startServer(context);
    const root = await enterAsOper(context, server);
    const bot = await startBot(context, { server: toPlace(server) });
    await bot.isThere();
    root.say(`${ban} ${mask} 0 :no robots, please`);
    await context.expect.poll(() => bot.errors.length, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(bot.errors.join("\n")).toContain("no robots, please");
    root.say(`${ban} ${mask}`);
    await bot.isThere(2);
  });

  it.concurrent("tells that it is banned where those are who connect too often", async (context) => {
    const server = await startServer(context, {
      more: `<module name="connectban"><connectban threshold="3" banduration="1h" bootwait="0s">`,
    });
    const root = await enterAsOper(context, server);
    const bot = await startBot(context, { server: toPlace(server) });
    await bot.isThere();
    root.say("KILL finger :once more");
    await context.expect.poll(() => bot.errors.join("\n"), { timeout: 10_000 }).toContain("banned");
  });

  const PASSWORDS: ReadonlyArray<[password: string | undefined, isIn: boolean]> = [
    ["sesame", true],
    ["sesam", false],
    [undefined, false],
  ];

  it.concurrent.for(PASSWORDS)(
    "of the password %j for a server says whether it is right: %j",
    async ([password, isIn], context) => {
      const server = await startServer(context, { connect: `password="sesame"` });
      const bot = await startBot(context, { server: { ...toPlace(server), password } });
      if (isIn) return bot.isThere();
      await context.expect.poll(() => bot.errors, { timeout: 10_000 }).not.toEqual([]);
      expect(bot.errors[0]).toMatch(/password|denied/i);
    },
  );
});
