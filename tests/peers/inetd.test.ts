import { connect } from "node:net";
import { beforeAll, expect, it } from "vitest";
import { eventually } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { findFreePort } from "./support/free-port.js";
import { IS_ROOT } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { openFolder, SERVER, startProgram, writeFresh } from "./support/server-command.js";

/** Where OpenBSD's inetd is, which people have no path to. */
const INETD = "/usr/sbin/inetd";

/** Starts inetd, without PATH and HOME as a machine does, for the command with these arguments; resolves to its port. */
async function serve(user: string, args: readonly string[]): Promise<number> {
  const port = await findFreePort();
  const [node = "", command = ""] = SERVER;
  const program = `${node} node ${command} --inetd ${args.join(" ")}`;
  const config = writeFresh(`127.0.0.1:${port} stream tcp nowait.400 ${user} ${program}\n`);
  // It crashes when there is no environment at all.
  startProgram([INETD, "-i", config], { env: { LANG: "C" } });
  await eventuallyOpen(port);
  return port;
}

async function eventuallyOpen(port: number): Promise<void> {
  let isOpen = false;
  const tryAgain = () => {
    const socket = connect(port, "127.0.0.1", () => {
      isOpen = true;
      socket.destroy();
    });
    socket.on("error", () => setTimeout(tryAgain, 20));
  };
  tryAgain();
  await eventually(() => isOpen);
}

const isThere = IS_ROOT && hasCommand(INETD);

describePeer("openbsd-inetd", isThere, "root, and apt-get install openbsd-inetd", () => {
  beforeAll(openFolder);

  it.each(["root", "nobody"])("starts the command as %s for each query", async (user) => {
    const port = await serve(user, ["--users", writeFresh("alice: Happy and well\n")]);
    expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
    expect(await exchange(port, ["/W ", "al", "ice\r\n"], { halfClose: true })).toBe("Happy and well\r\n");
    const answers = await Promise.all(Array.from({ length: 5 }, () => exchange(port, ["bob\r\n"])));
    expect(answers).toEqual(Array(5).fill("finger: bob: no such user.\r\n"));
  });

  it("answers by a config file, and streams what a program says", async () => {
    const program = ["/bin/sh", "-c", "echo one; echo two", "--", "{name}"];
    const config = writeFresh(JSON.stringify({ routes: { count: { program } }, limits: { queryTime: 500 } }), ".json");
    const port = await serve("nobody", ["--config", config]);
    expect(await exchange(port, ["count:x\r\n"])).toBe("one\r\ntwo\r\n");
    // Who says nothing is not waited for.
    expect(await exchange(port, [])).toBe("");
  });

  it("tells the peer nothing of its mistakes", async () => {
    const port = await serve("nobody", ["--users", "/nowhere/users"]);
    expect(await exchange(port, ["alice\r\n"]).catch(() => "")).toBe("");
    const other = await serve("nobody", ["--no-such-option"]);
    expect(await exchange(other, ["alice\r\n"]).catch(() => "")).toBe("");
  });
});
