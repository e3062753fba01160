import { createNotifier } from "../daemon/notify.js";
import type { HostProcess } from "./host-process.js";
import type { CommandIO } from "./io.js";
import type { Wanted } from "./read-description.js";
import { runApplication } from "./run-application.js";
import { summarize } from "./summary.js";
import { untilAborted } from "./until-aborted.js";

/**
 * Answers with this one process until it is told to stop.
 *
 * @param onReady - Called when it answers.
 */
export async function runAlone(
  wanted: Wanted,
  readAgain: () => Promise<Wanted>,
  host: HostProcess,
  io: CommandIO,
  onReady: () => void,
): Promise<void> {
  const { log, onError, reopen } = host.outlet;
  const notifier = createNotifier(io.env ?? {}, onError);
  const { application, reload } = await runApplication(wanted, host, io, { readAgain });
  io.onSignal?.("SIGUSR1", reopen);
  const reloadAndTell = async () => {
    await notifier.reloading();
    await reload();
    if (!io.signal.aborted) await notifier.ready();
  };
  io.onSignal?.("SIGHUP", () => void reloadAndTell());
  const { text, fields } = await summarize(application, io.signal);
  log.info(fields, text);
  await notifier.ready(text);
  onReady();
  await untilAborted(io.signal);
  log.info({}, "ends when what was asked is answered");
  void notifier.stopping();
  await application.stop(io.force);
}
