import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { repository } from "./peers/support/network.js";
import { exchange } from "./support/sockets.js";

const FOLDER = repository("docs/evolution");
const chapters = readdirSync(FOLDER).flatMap((file) => (file.endsWith(".mjs") ? [file.slice(0, -4)] : []));

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
});

/** Runs a chapter's file on a free port, and resolves to the first line that it prints. */
async function start(chapter: string): Promise<{ child: ChildProcess; line: string; port: number }> {
  const child = spawn(process.execPath, [`${FOLDER}/${chapter}.mjs`, "0"], { stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  const failed = once(child, "exit").then(() => {
    throw new Error(`${chapter}.mjs ended; are the packages built? (npx -y pnpm@10 build)`);
  });
  const [chunk] = await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), failed]);
  failed.catch(() => {});
  const line = String(chunk).trim();
  return { child, line, port: Number(/:(\d+)$/.exec(line)?.[1]) };
}

describe("chapter 2, refuse connections", () => {
  it.skipIf(process.platform !== "linux")("listens on nothing", async () => {
    const { child, line } = await start("02-refuse-connections");
    expect(line).toBe("Nothing listens.");
    const sockets = readdirSync(`/proc/${child.pid}/fd`).map((fd) => {
      try {
        return /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/${child.pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined; // closed meanwhile
      }
    });
    const listening = ["tcp", "tcp6"].flatMap((table) =>
      readFileSync(`/proc/${child.pid}/net/${table}`, "utf8")
        .split("\n")
        .map((row) => row.trim().split(/\s+/))
        .filter((row) => row[3] === "0A"),
    );
    expect(listening.filter((row) => sockets.includes(row[9]))).toEqual([]);
  });
});

describe("chapter 3, do nothing", () => {
  it("accepts a connection, and says nothing", async () => {
    const { child, port } = await start("03-do-nothing");
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
    });
    socket.on("error", () => {});
    await once(socket, "connect");
    await new Promise((resolve) => socket.write("moshez\r\n", resolve));
    // A second connection that is refused its query shows that the server has long seen the first.
    expect(await exchange(port, ["a@\r\n"])).toContain("Finger query refused");
    child.kill();
    await once(socket, "close");
    expect(received).toBe("");
  });
});

describe("chapter 5, read a name, and drop", () => {
  it("does nothing before the line ends", async () => {
    const { port } = await start("05-read-and-drop");
    const socket = connect(port, "127.0.0.1");
    let events = "";
    socket.on("data", () => {
      events += "data ";
    });
    socket.on("end", () => {
      events += "end";
    });
    await new Promise((resolve) => socket.write("mos", resolve));
    // What comes second is served, and ended, while the first still waits.
    expect(await exchange(port, ["moshez\r\n"])).toBe("");
    expect(events).toBe("");
    const ended = once(socket, "end");
    socket.write("hez\r\n");
    await ended;
    expect(events).toBe("end");
  });
});

const ANSWERS: ReadonlyArray<readonly [chapter: string, query: string, answer: string]> = [
  ["04-drop-connections", "", ""],
  ["04-drop-connections", "moshez\r\n", ""],
  ["05-read-and-drop", "moshez\r\n", ""],
  ["05-read-and-drop", "\n", ""],
  ["06-output-error", "moshez\r\n", "No such user\r\n"],
  ["06-output-error", "\r\n", "No such user\r\n"],
  ["06-output-error", "moshez@host\r\n", "Finger forwarding service denied\r\n"],
  ["07-empty-user-set", "moshez\r\n", "No such user\r\n"],
  ["07-empty-user-set", "\r\n", "No one logged on.\r\n"],
  ["08-users", "moshez\r\n", "Happy and well\r\n"],
  ["08-users", "shawn\r\n", "Login: shawn          \t\t\tName: Shawn\r\nPlan:\r\nWrite it down.\r\n"],
  ["08-users", "constructor\r\n", "finger: constructor: no such user.\r\n"],
  ["08-users", "\r\n", "Login   Name   Status\r\nmoshez         Happy and well\r\nshawn   Shawn\r\n"],
];

describe("chapters 4 to 8", () => {
  it.each(ANSWERS)("%s answers %j with %j", async (chapter, query, answer) => {
    const { line, port } = await start(chapter);
    expect(line).toMatch(/^Listening on 127\.0\.0\.1:\d+$/);
    expect(await exchange(port, query === "" ? [] : [query])).toBe(answer);
  });
});

describe("every chapter", () => {
  it.each(chapters)("%s shows its file as it is, and stands in the list", (chapter) => {
    const code = readFileSync(`${FOLDER}/${chapter}.mjs`, "utf8");
    expect(readFileSync(`${FOLDER}/${chapter}.md`, "utf8")).toContain(`\`\`\`js\n${code}\`\`\``);
    expect(readFileSync(`${FOLDER}/README.md`, "utf8")).toMatch(
      new RegExp(`\\(${chapter}\\.md\\) +\\| \\[${chapter}\\.mjs\\]\\(${chapter}\\.mjs\\)`),
    );
  });

  it("is built on our packages alone", () => {
    for (const chapter of chapters) {
      const imports = readFileSync(`${FOLDER}/${chapter}.mjs`, "utf8").matchAll(/from "([^"]+)"/g);
      for (const [, name] of imports) expect(name).toMatch(/^finger-(protocol|server|client)$/);
    }
  });
});
