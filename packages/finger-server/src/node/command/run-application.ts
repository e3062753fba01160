import { isDeepStrictEqual } from "node:util";
import { createRerun, type Rerun } from "../../rerun.js";
import { buildApplication, type HostedApplication } from "../application/application.js";
import type { HostOptions } from "../application/options.js";
import type { HostProcess } from "./host-process.js";
import { isInterrupted } from "./interrupted.js";
import type { CommandIO } from "./io.js";
import type { Wanted } from "./read-description.js";

/** An application that runs as its process should. */
export interface RunningApplication {
  readonly application: HostedApplication;
  /** Reads the configuration again, and goes by it if it can. Never rejects. */
  readonly reload: Rerun;
}

/** How it is run. */
export interface RunOptions extends HostOptions {
  /** Reads what is wanted again. */
  readonly readAgain: () => Promise<Wanted>;
}

/** Starts the application: what takes a privilege first, and all else when there is none any more. */
export async function runApplication(
  { description, folder }: Wanted,
  host: HostProcess,
  { signal, version }: CommandIO,
  { readAgain, ...options }: RunOptions,
): Promise<RunningApplication> {
  const { log, audit, onError } = host.outlet;
  const { sockets } = host;
  const { isSpokesman = true } = options;
  const given = { logger: log, audit, sockets, version, folder, ...options };
  const application = await buildApplication(description, given);
  await application.prepare(signal);
  try {
    await host.dropPrivileges(readAgain);
  } catch (error) {
    await application.stop().catch(onError);
    throw error;
  }
  await application.start(signal);

  const reload = createRerun(async () => {
    if (signal.aborted) return;
    const tell = isSpokesman ? log.info : log.debug;
    try {
      await reloadBy(application, readAgain, host);
      tell({}, "the configuration was read again");
      if (isSpokesman) application.tally.reload(true);
    } catch (error) {
      if (isInterrupted(error, signal)) return;
      application.tally.error();
      if (isSpokesman) application.tally.reload(false);
      if (isSpokesman) onError(error);
      else tell({ err: error }, "this worker could not read the configuration again");
    }
  });
  return { application, reload };
}

async function reloadBy(
  application: HostedApplication,
  readAgain: () => Promise<Wanted>,
  { outlet }: HostProcess,
): Promise<void> {
  const { description: next } = await readAgain();
  const { process: before } = application.describe();
  try {
    await application.reload(next);
  } finally {
    outlet.follow(application.describe());
  }
  if (!isDeepStrictEqual(next.process, before)) {
    outlet.log.warn({}, "what is said of the process is heeded when it is started anew");
  }
}
