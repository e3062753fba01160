import { isBuiltin } from "node:module";
import { Worker } from "node:worker_threads";

/** A row of a database; what the columns hold is not to be trusted. */
export type Row = Readonly<Record<string, unknown>>;

/** Whether this Node can read databases of SQLite: 22.13 was the first without a flag. */
export const HAS_SQLITE: boolean = isBuiltin("node:sqlite");

/**
 * Asks a database of SQLite, which is only read. It is done in a thread: the module waits for the disk, for locks and for
 * all the rows, and would have everybody wait. The rows come some at a time.
 *
 * @throws When it cannot be asked, or does not answer in time.
 */
export async function querySqlite(
  path: string,
  sql: string,
  timeout: number,
  onRow: (row: Row) => void,
): Promise<void> {
  const worker = new Worker(PROGRAM, {
    ...{ eval: true, workerData: { path, sql }, env: {}, execArgv: [] },
    // The module warns that it is an experiment.
    ...{ stdout: true, stderr: true },
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });
  worker.unref();
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No answer came within ${timeout} ms`)), timeout);
      worker.on("message", (rows: readonly Row[]) => {
        for (const row of rows) onRow(row);
        if (rows.length === 0) resolve();
      });
      worker.once("error", reject);
      worker.once("exit", () => {
        clearTimeout(timer);
        reject(new Error("The thread that reads it has ended"));
      });
    });
  } finally {
    await worker.terminate();
  }
}

const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { DatabaseSync } = require("node:sqlite");
const database = new DatabaseSync(workerData.path, { readOnly: true });
database.exec("PRAGMA query_only = 1; PRAGMA busy_timeout = 1000");
const rows = database.prepare(workerData.sql).all();
for (let start = 0; start < rows.length; start += 1000) {
  parentPort.postMessage(rows.slice(start, start + 1000).map((row) => ({ ...row })));
}
parentPort.postMessage([]);
database.close();
`;
