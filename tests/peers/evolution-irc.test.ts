import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { start } from "../support/chapter.js";
import { type IrcClient, openIrcClient } from "./support/irc-client.js";
import { type Ngircd, startNgircd } from "./support/ngircd-process.js";
import { describePeer, hasCommand } from "./support/peer.js";

describePeer("chapter 18, on ngIRCd", hasCommand("ngircd"), "apt-get install ngircd", () => {
  let network: Ngircd;
  let ada: IrcClient;
  beforeEach(async () => {
    network = await startNgircd();
    ada = await openIrcClient({ port: network.port, nick: "ada" });
  });
  afterEach(async () => {
    await ada.close();
    await network.close();
  });

  const enter = async () => {
    ada.say("JOIN #finger");
    await ada.hear(/ 366 /);
  };
  const run = () => start("18-irc", `irc://fingerbot@127.0.0.1:${network.port}/#finger`);

  it("answers in private and in its channel, and no notice", async () => {
    await enter();
    await run();
    await ada.hear(/^:fingerbot!\S+ JOIN :?#finger/);
    ada.say("NOTICE fingerbot :moshez");
    ada.say("PRIVMSG fingerbot :moshez");
    expect(await ada.hear(/PRIVMSG ada/)).toMatch(/:Status of moshez: Happy and well$/);
    ada.say("PRIVMSG fingerbot :nobody");
    expect(await ada.hear(/PRIVMSG ada/)).toMatch(/:Status of nobody: No such user$/);
    ada.say("PRIVMSG #finger :moshez");
    ada.say("PRIVMSG #finger :!finger moshez");
    expect(await ada.hear(/^:fingerbot!\S+ PRIVMSG #finger/)).toMatch(/:Status of moshez: Happy and well$/);
    expect(ada.lines.filter((line) => line.includes("Status of moshez"))).toHaveLength(2);
  });

  it("is there again when the server is", async () => {
    const { printed } = await run();
    await printed(/^The bot is on 127\.0\.0\.1 as fingerbot\.$/m);
    await network.kill();
    await network.start();
    ada = await openIrcClient({ port: network.port, nick: "ada" });
    await enter();
    ada.say("WHOIS fingerbot");
    if (/ 401 /.test(await ada.hear(/ (?:311|401) ada fingerbot /))) await ada.hear(/^:fingerbot!\S+ JOIN :?#finger/);
    ada.say("PRIVMSG fingerbot :moshez");
    expect(await ada.hear(/PRIVMSG ada/)).toMatch(/:Status of moshez: Happy and well$/);
  });

  it("says QUIT at Ctrl+C", async () => {
    await enter();
    const { child } = await run();
    await ada.hear(/^:fingerbot!\S+ JOIN :?#finger/);
    const ended = once(child, "exit");
    child.kill("SIGINT");
    await ada.hear(/^:fingerbot!\S+ QUIT /);
    expect(await ended).toEqual([0, null]);
  });
});
