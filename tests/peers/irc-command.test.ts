import { writeFileSync } from "node:fs";
import type { ApplicationDescription } from "finger-server";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { type IrcClient, openIrcClient } from "./support/irc-client.js";
import { type Ngircd, startNgircd } from "./support/ngircd-process.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { childrenOf } from "./support/processes.js";
import { startServer, writeFresh } from "./support/server-command.js";

// The command as it is built, with the package of the bot as it is built.

describePeer("the bot of the command, on ngIRCd", hasCommand("ngircd"), "apt-get install ngircd", () => {
  let network: Ngircd;
  let ada: IrcClient;
  beforeEach(async () => {
    network = await startNgircd();
    ada = await openIrcClient({ port: network.port, nick: "ada" });
    ada.say("JOIN #team");
    await ada.hear(/ 366 /);
  });
  afterEach(async () => {
    await ada.close();
    await network.close();
  });

  const users = () => writeFresh("alice: Happy and well\n");
  const url = (nick = "plan") => `irc://${nick}@127.0.0.1:${network.port}/#team`;
  const write = (description: ApplicationDescription, path: string = writeFresh("", ".json")) => {
    writeFileSync(path, JSON.stringify({ listen: 0, ...description }));
    return path;
  };
  const come = (nick = "plan") => ada.hear(new RegExp(`^:${nick}!\\S+ JOIN :?#team$`));
  const ask = async (nick = "plan") => {
    ada.say(`PRIVMSG ${nick} :alice`);
    return (await ada.hear(new RegExp(`^:${nick}!\\S+ PRIVMSG ada `))).replace(/^.*? :/, "");
  };

  it("answers what finger does, and says QUIT at the end", async () => {
    const server = await startServer(["--port", "0", "--users", users(), "--irc", url()]);
    await come();
    expect(await ask()).toBe("Status of alice: Happy and well");
    expect(await exchange(server.port, ["alice\r\n"])).toBe("Happy and well\r\n");
    await eventually(() => server.log().some(({ msg }) => msg === "The bot is on 127.0.0.1 as plan."));
    server.child.kill("SIGTERM");
    await ada.hear(/^:plan!\S+ QUIT /);
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(server.log().filter(({ level }) => level !== "info")).toEqual([]);
  });

  it("is there once though two workers answer, and again when its worker has died", async () => {
    const server = await startServer(["--workers", "2", "--port", "0", "--users", users(), "--irc", url()]);
    await come();
    await eventually(() => server.log().some(({ msg }) => msg === "2 workers answer"));
    ada.say("NAMES #team");
    expect((await ada.hear(/ 353 /)).split(" :")[1]?.split(" ").sort()).toEqual(["@ada", "plan"]);
    for (const { pid } of childrenOf(server.child.pid ?? 0)) process.kill(pid, "SIGKILL");
    await ada.hear(/^:plan!\S+ QUIT /);
    await come();
    expect(await ask()).toBe("Status of alice: Happy and well");
  });

  it("is another after a SIGHUP, if the config says so, and else the same", async () => {
    const path = write({ users: users(), irc: { url: url(), limits: { lines: 2 } } });
    const server = await startServer(["--config", path]);
    const reload = async (times: number) => {
      server.child.kill("SIGHUP");
      const isRead = () =>
        server.log().filter(({ msg }) => msg === "the configuration was read again").length === times;
      await eventually(isRead);
    };
    await come();
    await reload(1);
    expect(await ask()).toBe("Status of alice: Happy and well");
    write({ users: users(), irc: { url: url("team") } }, path);
    await reload(2);
    await come("team");
    expect(ada.lines.filter((line) => / QUIT /.test(line))).toHaveLength(1);
    expect(await ask("team")).toBe("Status of alice: Happy and well");
  });

  it("tells its channel who has a new status", async () => {
    const path = writeFresh("alice: Happy and well\n");
    await startServer(["--config", write({ users: path, irc: { url: url(), announce: { channels: ["#team"] } } })]);
    await come();
    expect(await ask()).toBe("Status of alice: Happy and well");
    writeFileSync(path, "alice: On the train\n");
    expect(await ada.hear(/^:plan!\S+ PRIVMSG #team /)).toMatch(/ :Status of alice: On the train$/);
  });

  it("does not keep the server from answering while its network is away", async () => {
    await network.kill();
    const server = await startServer(["--port", "0", "--users", users(), "--irc", url()]);
    expect(await exchange(server.port, ["alice\r\n"])).toBe("Happy and well\r\n");
    await eventually(() => server.log().some(({ msg }) => msg.includes("No server listens on 127.0.0.1, port ")));
    server.child.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0 });
  });
});
