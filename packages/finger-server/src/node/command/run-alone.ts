import { createNotifier } from "../daemon/notify.js";
import type { Host } from "./host.js";
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
  host: Host,
  io: CommandIO,
  onReady: () => void,
): Promise<void> {
  const { log, onError, reopen } = host.outlet;
  const notifier = createNotifier(io.env ?? {}, onError);
  const { application, reload } = await runApplication(wanted, host, io, { readAgain });
  io.onSignal?.("SIGUSR1", reopen);
  io.onSignal?.(
    "SIGHUP",
    () =>
      void notifier
        .reloading()
        .then(reload)
        .then(() => notifier.ready()),
  );
  const { text, fields } = await summarize(application);
  log.info(fields, text);
  await notifier.ready(text);
  onReady();
  await untilAborted(io.signal);
  log.info({}, "ends when what was asked is answered");
  await notifier.stopping();
  await application.stop(io.force);
}
