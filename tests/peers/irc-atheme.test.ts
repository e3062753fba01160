import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IrcServer, IrcSetting } from "finger-adapters-irc";
import { expect, it, type TestContext, vi } from "vitest";
import { type Atheme, hasAtheme, startAtheme } from "./support/atheme-process.js";
import { makeCertificate } from "./support/certificate.js";
import { hasInspIRCd, type InspIRCd, type InspIRCdOptions, startInspIRCd } from "./support/inspircd-process.js";
import { type IrcClient, openIrcClient } from "./support/irc-client.js";
import { startBot } from "./support/met-bot.js";
import { describePeer } from "./support/peer.js";

/** A network that has accounts. */
async function startNetwork(
  context: TestContext,
  options?: InspIRCdOptions,
): Promise<InspIRCd & { readonly services: Atheme }> {
  const server = await startInspIRCd(options);
  context.onTestFinished(server.close);
  const services = await startAtheme(server.linkPort);
  context.onTestFinished(services.close);
  return { ...server, services };
}

async function enter(context: TestContext, { tlsPort }: InspIRCd, nick: string): Promise<IrcClient> {
  const client = await openIrcClient({ port: tlsPort, nick, tls: true });
  context.onTestFinished(client.close);
  return client;
}

/** Somebody with an account, by the same name and the password "sesame". */
async function enterAs(context: TestContext, server: InspIRCd, nick: string): Promise<IrcClient> {
  const client = await enter(context, server, nick);
  client.say(`PRIVMSG NickServ :REGISTER sesame ${nick}@example.org`);
  await client.hear(/ 900 /);
  return client;
}

/** Resolves when the bot has the account of somebody called ada. */
async function isKnownAsAda({ expect }: TestContext, ada: IrcClient): Promise<void> {
  const isKnown = async () => {
    ada.say("WHOIS finger");
    await ada.hear(/ 318 /);
    return ada.lines.some((line) => line.includes(" 330 ada finger ada "));
  };
  await expect.poll(isKnown, { timeout: 15_000, interval: 1000 }).toBe(true);
}

const toPlace = ({ tlsPort, ca }: InspIRCd): IrcServer => ({ host: "localhost", port: tlsPort, tls: { ca } });

const isThere = hasInspIRCd && hasAtheme;
const remedy = "apt-get install inspircd atheme-services";

describePeer("Atheme, by SASL and NickServ", isThere, remedy, () => {
  it.concurrent("knows the bot by a password", async (context) => {
    const server = await startNetwork(context);
    const ada = await enterAs(context, server, "ada");
    const bot = await startBot(context, { server: toPlace(server), account: { name: "ada", password: "sesame" } });
    await isKnownAsAda(context, ada);
    expect(bot.errors).toEqual([]);
  });

  it.concurrent("knows the bot by its certificate", async (context) => {
    const server = await startNetwork(context);
    const ada = await enterAs(context, server, "ada");
    const paths = makeCertificate("finger");
    const [cert, key] = [readFileSync(paths.cert), readFileSync(paths.key)];
    const fingerprint = new X509Certificate(cert).fingerprint256.replaceAll(":", "").toLowerCase();
    ada.say(`PRIVMSG NickServ :CERT ADD ${fingerprint}`);
    await ada.hear(/Added fingerprint/);
    const tls = { ca: server.ca, cert, key };
    const bot = await startBot(context, { server: { ...toPlace(server), tls }, account: { external: true } });
    await isKnownAsAda(context, ada);
    expect(bot.errors).toEqual([]);
  });

  it.concurrent("does not know it by a wrong password, which it is told; it is there nevertheless", async (context) => {
    const server = await startNetwork(context);
    const ada = await enterAs(context, server, "ada");
    const bot = await startBot(context, { server: toPlace(server), account: { name: "ada", password: "sesam" } });
    await bot.isThere();
    expect(bot.errors).toEqual([expect.stringMatching(/let the bot log in by SASL: .*option account/)]);
    ada.say("PRIVMSG finger :alice");
    await ada.hear(/^:finger!.* :Status of alice: Happy and well$/, 15_000);
    ada.say("WHOIS finger");
    await ada.hear(/ 318 /);
    expect(ada.lines.filter((line) => line.includes(" 330 "))).toEqual([]);
  });

  it.concurrent("is told the password by NickServ, where the server has no SASL", async (context) => {
    const server = await startNetwork(context, { without: ["sasl"] });
    const ada = await enterAs(context, server, "ada");
    const bot = await startBot(context, { server: toPlace(server), account: { name: "ada", password: "sesame" } });
    await isKnownAsAda(context, ada);
    expect(bot.errors).toEqual([]);
  });

  it.concurrent("knows the bot when the services were away and are back", async (context) => {
    const server = await startNetwork(context);
    await enterAs(context, server, "ada");
    await server.services.stop();
    // InspIRCd knows services for up to half a minute that have gone; one that begins anew knows none.
    await server.kill();
    await server.start();
    const ada = await enter(context, server, "ada");
    const bot = await startBot(context, { server: toPlace(server), account: { name: "ada", password: "sesame" } });
    await bot.isThere();
    await server.services.start();
    await isKnownAsAda(context, ada);
    ada.say("PRIVMSG finger :alice");
    await ada.hear(/^:finger!.* :Status of alice: Happy and well$/, 30_000);
  }, 60_000);
});

/** Takes statuses of Ada's account. */
function createSetting(): { readonly setting: IrcSetting; readonly set: IrcSetting["setter"]["set"] } {
  const set = vi.fn<IrcSetting["setter"]["set"]>();
  const toLogin = (account: string) => (account === "ada" ? "alice" : undefined);
  return { set, setting: { setter: { set }, toLogin } };
}

describePeer("Atheme, whose accounts set", isThere, remedy, () => {
  const WAYS: ReadonlyArray<[way: string, without: readonly string[]]> = [
    ["by what the server says with each line", []],
    ["by asking who it is", ["ircv3_accounttag"]],
  ];

  it.concurrent.for(WAYS)("knows who may set a status %s", async ([, without], context) => {
    const server = await startNetwork(context, { without });
    const ada = await enterAs(context, server, "ada");
    const eve = await openIrcClient({ port: server.port, nick: "eve" });
    context.onTestFinished(eve.close);
    const { setting, set } = createSetting();
    const bot = await startBot(context, { server: toPlace(server), setting });
    await bot.isThere();
    eve.say("PRIVMSG finger :!status Out");
    await eve.hear(/^:finger!.* :Refused: identify to the services/, 20_000);
    expect(set).not.toHaveBeenCalled();
    ada.say("PRIVMSG finger :!status On the train");
    await ada.hear(/^:finger!.* :?OK$/, 20_000);
    expect(set).toHaveBeenCalledWith(
      { login: "alice", text: "On the train" },
      { address: "", port: undefined, login: "alice" },
    );
    expect(bot.errors).toEqual([]);
  });
});
