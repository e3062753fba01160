import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { repository } from "../peers/support/network.js";

/** The pages and the files of the chapters. */
export const FOLDER: string = repository("docs/evolution");

const running: ChildProcess[] = [];
const folders: string[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A chapter that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** The first line that it prints. */
  readonly line: string;
  readonly port: number;
  /** Resolves when all that it has printed, errors too, matches: to the first group. */
  readonly printed: (pattern: RegExp) => Promise<string>;
}

/** Runs a chapter's file on free ports, as from the root of a clone, and resolves when it has printed a line. */
export async function start(chapter: string, ...args: string[]): Promise<Running> {
  const path = `${FOLDER}/${chapter}.mjs`;
  const ports = HAS_SECOND_PORT.test(readFileSync(path, "utf8")) ? ["0", "0"] : ["0"];
  const child = spawn(process.execPath, [path, ...ports, ...args], {
    cwd: repository(""),
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const printed = follow(child, chapter);
  const line = await printed(/^(.*)\n/);
  return {
    child,
    line,
    port: Number(/:(\d+)$/.exec(line)?.[1]),
    printed,
  };
}

/** What is behind the second port of a chapter: a setter, or web pages. */
const HAS_SECOND_PORT = /createSetter|finger-adapters-http/;

/** A folder for the time of one test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "evolution-"));
  folders.push(folder);
  return folder;
}

/** Makes a function that waits until the output of a program matches, and gives the first group. */
function follow(child: ChildProcess, chapter: string): (pattern: RegExp) => Promise<string> {
  const news = new EventEmitter();
  let output = "";
  let isOver = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      news.emit("news");
    });
  }
  child.on("close", () => {
    isOver = true;
    news.emit("news");
  });
  return async (pattern) => {
    for (;;) {
      const match = pattern.exec(output);
      if (match !== null) return match[1] ?? "";
      if (isOver) throw new Error(`${chapter}.mjs ended; are the packages built? (npx -y pnpm@10 build) ${output}`);
      await once(news, "news");
    }
  };
}
