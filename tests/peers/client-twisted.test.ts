import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { finger } from "finger-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runClient } from "./support/client.js";
import { repository } from "./support/network.js";
import { describePeer } from "./support/peer.js";

/** Debian's Python, which has Debian's Twisted; another may come first on the path. */
const PYTHON = "/usr/bin/python3";
const isThere = spawnSync(PYTHON, ["-c", "import twisted.protocols.finger"]).status === 0;

describePeer("Twisted, to which /W alone is a user", isThere, "apt-get install python3-twisted", () => {
  let child: ChildProcess;
  let place: string;
  beforeAll(async () => {
    child = spawn(PYTHON, [repository("tests/peers/support/finger_server.py")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
    place = `127.0.0.1:${Number(line)}`;
  });
  afterAll(() => child.kill());

  const ANSWERS: ReadonlyArray<readonly [query: string, long: string, auto: string, why: string]> = [
    [
      "moshez",
      "Happy and well (verbose)\n",
      "Happy and well (verbose)\n",
      "of two words it takes the first for the switch",
    ],
    [
      "",
      "Login: /W\nNo such user\n",
      "Finger online list denied\n",
      "nobody is called /W, so the list is asked for again",
    ],
    ["eve", "Login: eve\nNo such user\n", "Login: eve\nNo such user\n", "nobody is asked for twice, and told of once"],
    ["a@b", "Finger forwarding service denied\n", "Finger forwarding service denied\n", "a refusal is an answer"],
  ];

  it.each(ANSWERS)("answers %j with /W: %j, and when that is not sure: %j: %s", async (query, long, auto) => {
    expect((await finger(`${query}@${place}`, { verbose: true })).text).toBe(long);
    expect((await finger(`${query}@${place}`, { verbose: "auto" })).text).toBe(auto);
    expect(await runClient(["-l", `${query}@${place}`])).toEqual({ code: 0, stdout: auto, stderr: "" });
  });
});
