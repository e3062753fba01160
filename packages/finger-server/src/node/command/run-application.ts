import { createRerun, type Rerun } from "../../rerun.js";
import { buildApplication, type HostedApplication } from "../application/application.js";
import type { HostOptions } from "../application/options.js";
import type { Host } from "./host.js";
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
  /** What all processes do at once counts once. @default true */
  readonly countsReloads?: boolean | undefined;
  /** Reads what is wanted again. */
  readonly readAgain: () => Promise<Wanted>;
}

/** Starts the application: what takes a privilege first, and all else when there is none any more. */
export async function runApplication(
  { description }: Wanted,
  { outlet, sockets, dropPrivileges }: Host,
  { signal, version }: CommandIO,
  { readAgain, countsReloads = true, ...options }: RunOptions,
): Promise<RunningApplication> {
  const { log, audit, onError } = outlet;
  const application = await buildApplication(description, { logger: log, audit, sockets, version, ...options });
  await application.prepare(signal);
  try {
    await dropPrivileges();
  } catch (error) {
    await application.stop().catch(onError);
    throw error;
  }
  await application.start(signal);

  const readAndReload = async () => {
    const { description: next } = await readAgain();
    const before = application.describe();
    await application.reload(next);
    outlet.follow(next);
    if (JSON.stringify(next.process) !== JSON.stringify(before.process)) {
      log.warn({}, "what is said of the process is heeded when it is started anew");
    }
    log.info({}, "the configuration was read again");
  };
  const reload = createRerun(async () => {
    const isDone = await readAndReload().then(
      () => true,
      (error) => {
        onError(error);
        return false;
      },
    );
    if (countsReloads) application.tally.reload(isDone);
  });
  return { application, reload };
}
