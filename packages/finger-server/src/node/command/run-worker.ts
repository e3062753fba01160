import { sendSnapshots } from "../metrics/worker-metrics.js";
import { runWorkers } from "../workers/run-workers.js";
import type { Host } from "./host.js";
import type { CommandIO } from "./io.js";
import type { Wanted } from "./read-description.js";
import { runApplication } from "./run-application.js";
import { summarize } from "./summary.js";

/** Answers as one of several processes, until the first one says that it is over. */
export async function runWorker(
  wanted: Wanted,
  readAgain: () => Promise<Wanted>,
  host: Host,
  io: CommandIO,
): Promise<void> {
  const { workers = 1 } = wanted.description.process ?? {};
  const { log, reopen } = host.outlet;
  await runWorkers(workers, async ({ number }) => {
    const options = { areMetricsElsewhere: true, countsReloads: number === 1, readAgain };
    const { application, reload } = await runApplication(wanted, host, io, options);
    const sender = sendSnapshots(application.tally.snapshot);
    io.onSignal?.("SIGHUP", () => void reload());
    io.onSignal?.("SIGUSR1", reopen);
    const { text, fields } = await summarize(application);
    // One tells for all where they are.
    if (number === 1) log.info(fields, text);
    return {
      async [Symbol.asyncDispose]() {
        await application.stop();
        await sender.stop();
      },
    };
  });
}
