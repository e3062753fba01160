import { createFingerBot } from "finger-adapters-irc";
import { memoryProvider } from "finger-server";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openIrcClient } from "./support/irc-client.js";
import { type Irssi, openIrssi } from "./support/irssi.js";
import { startNgircd } from "./support/ngircd-process.js";
import { describePeer, hasCommand } from "./support/peer.js";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const provider = memoryProvider({
  alice: "Grüße aus Łódź 🚂",
  carol: "\x02On\x02 the \x0304,01train\x03\x1f to\x0f Ulm",
});

const isThere = hasCommand("ngircd") && hasCommand("irssi") && hasCommand("tmux");

describePeer("irssi in a terminal", isThere, "apt-get install irssi ngircd tmux", () => {
  let irssi: Irssi;
  beforeEach(async () => {
    const server = await startNgircd();
    closing.push(server.close);
    const op = await openIrcClient({ port: server.port, nick: "op" });
    closing.push(op.close);
    op.say("JOIN #pub");
    const bot = createFingerBot({ provider, url: `irc://127.0.0.1:${server.port}/#pub` });
    closing.push(() => bot.stop());
    await bot.start();
    irssi = await openIrssi(server.port, "ada");
    closing.push(irssi.close);
    await op.hear(/^:finger!\S+ JOIN /);
    await sees(/End of MOTD|Hello/);
  });

  const sees = (pattern: RegExp) =>
    expect.poll(() => irssi.read(), { timeout: 10_000, interval: 100 }).toMatch(pattern);

  it("shows the answer to a message", async () => {
    await irssi.type("/msg finger alice");
    await sees(/\[finger\(~finger@127\.0\.0\.1\)\] Status of alice: Grüße aus Łódź 🚂$/m);
  });

  it("shows what is said in a channel, and nothing of its colours", async () => {
    await irssi.type("/join #pub");
    await sees(/Irssi: #pub: Total of 3 nicks/);
    await irssi.type("!finger carol");
    await sees(/< ?finger> Status of carol: On the train to Ulm$/m);
    expect(await irssi.read("colors")).toContain("Status of carol: On the train to Ulm");
  });

  it("shows who the bot is", async () => {
    await irssi.type("/ctcp finger FINGER");
    await sees(/CTCP FINGER reply from finger: A finger server: say help$/m);
  });
});
