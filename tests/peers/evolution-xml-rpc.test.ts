import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { FOLDER, start } from "../support/chapter.js";
import { describePeer } from "./support/peer.js";

const isThere = spawnSync("python3", ["-c", "import xmlrpc.client"]).status === 0;

const CALLS: ReadonlyArray<readonly [chapter: string, at: RegExp, printed: string]> = [
  ["19-xml-rpc", /^Methods at (\S+)\/RPC2$/m, "Happy and well\n"],
  ["26-templates", /^On the web at (\S+)\/finger\/$/m, "['alice', 'bob', 'moshez', 'shawn', 'weather', 'zoë']\n"],
];

describePeer("Python's xmlrpc.client, as the chapters call it", isThere, "apt-get install python3", () => {
  it.each(CALLS)("calls the methods of %s", async (chapter, at, printed) => {
    const { printed: untilPrinted } = await start(chapter);
    const page = readFileSync(`${FOLDER}/${chapter}.md`, "utf8");
    const [, program = ""] = /^python3 -c '(.*)'$/m.exec(page) ?? [];
    const here = program.replace("http://127.0.0.1:8000", await untilPrinted(at));
    const { stdout } = await promisify(execFile)("python3", ["-X", "utf8", "-c", here]);
    expect(stdout).toBe(printed);
  });
});
