import { BEYOND_DRAIN } from "../application/beyond-drain.js";
import { sendSnapshots } from "../metrics/worker-metrics.js";
import { runWorkers } from "../workers/run-workers.js";
import type { Serve } from "../workers/serve.js";
import { watchFaults } from "./faults.js";
import { openHostProcess } from "./host-process.js";
import type { CommandIO } from "./io.js";
import type { Wanted } from "./read-description.js";
import { runApplication } from "./run-application.js";
import type { Legacy } from "./run-crew.js";
import { summarize } from "./summary.js";

/**
 * Answers as one of several processes, until the first one says that it is over. All that can fail is done where the first one
 * hears of it.
 */
export async function runWorker(readAgain: () => Promise<Wanted>, legacy: Legacy, io: CommandIO): Promise<void> {
  const serve: Serve = async ({ number }) => {
    const wanted = await readAgain();
    const { sockets, logfile } = legacy;
    const host = await openHostProcess(wanted, io, { sockets, logfile, pidfile: undefined });
    const { log, reopen } = host.outlet;
    watchFaults(host);
    const options = { areMetricsElsewhere: true, isSpokesman: number === 1, readAgain };
    const { application, reload } = await runApplication(wanted, host, io, options).catch(async (error) => {
      await host.close();
      throw error;
    });
    const sender = sendSnapshots(application.tally.snapshot);
    io.onSignal?.("SIGHUP", () => void reload());
    io.onSignal?.("SIGUSR1", reopen);
    const { text, fields } = await summarize(application, io.signal);
    // One tells for all where they are.
    if (number === 1) log.info(fields, text);
    return {
      async [Symbol.asyncDispose]() {
        await application.stop();
        await sender.stop();
        await host.close();
      },
    };
  };
  await runWorkers(legacy.workers, serve, { drain: legacy.drain + BEYOND_DRAIN });
}
