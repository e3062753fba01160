import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "vitest";

/** A HAProxy with a master, which reads its configuration again when it is told to. */
export interface HAProxy {
  /** Changes the configuration, and has it read; resolves when another process has taken the ports over. */
  reload(change: (config: string) => string): Promise<void>;
  /** What it thinks of each server, by backend and name: `UP` and the reason, such as `UP L4OK`. */
  readHealth(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

/** Starts HAProxy with a copy of a configuration, and what that takes from the environment. */
export async function startHAProxy(config: string, variables: Readonly<Record<string, string>>): Promise<HAProxy> {
  const folder = mkdtempSync(join(tmpdir(), "finger-haproxy-"));
  const [file, stats] = [join(folder, "haproxy.cfg"), join(folder, "stats.sock")];
  writeFileSync(file, readFileSync(config));
  const child = spawn("haproxy", ["-W", "-f", file], {
    env: { ...process.env, ...variables, STATS: stats },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (words) => {
    said += words;
  });
  const ask = (command: string) => text(connect(stats).end(`${command}\n`));
  const readWorker = async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy has ended: ${said}`);
    return /^Pid: (\d+)$/m.exec(await ask("show info").catch(() => ""))?.[1];
  };
  await expect.poll(readWorker, { timeout: 10_000 }).toBeDefined();
  return {
    async reload(change) {
      const before = await readWorker();
      writeFileSync(file, change(readFileSync(file, "utf8")));
      child.kill("SIGUSR2");
      const isOther = async () => ![before, undefined].includes(await readWorker());
      await expect.poll(isOther, { timeout: 10_000, message: said }).toBe(true);
    },
    readHealth: async () => toHealth(await ask("show stat")),
    async close() {
      // The master takes its workers with it.
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Reads the table of `show stat`, whose first line has the names. */
function toHealth(table: string): ReadonlyMap<string, string> {
  const [header = "", ...rows] = table.trim().split("\n");
  const names = header.replace("# ", "").split(",");
  const cells = rows.map((row) => row.split(","));
  const read = (row: readonly string[], name: string) => row[names.indexOf(name)] ?? "";
  const servers = cells.filter((row) => read(row, "check_status") !== "");
  return new Map(
    servers.map((row) => [
      `${read(row, "pxname")}/${read(row, "svname")}`,
      `${read(row, "status")} ${read(row, "check_status")}`,
    ]),
  );
}
