import { buildApplication } from "../application/application.js";
import { inetdConnection } from "../inherited.js";
import { openHostProcess } from "./host-process.js";
import type { CommandIO } from "./io.js";
import type { Wanted } from "./read-description.js";
import { untilAborted } from "./until-aborted.js";

/** Answers the one query of the connection that inetd(8) hands over, and ends. */
export async function serveInetd(wanted: Wanted, io: CommandIO): Promise<void> {
  const { logfile } = wanted.description.process ?? {};
  const host = await openHostProcess(wanted, io, { sockets: [], pidfile: undefined, logfile });
  const { log, audit, onError } = host.outlet;
  try {
    const { description, folder } = wanted;
    const application = await buildApplication(description, { logger: log, audit, folder, hasPorts: false });
    await host.dropPrivileges(async () => {});
    await application.start(io.signal);
    const handled = application.handle(inetdConnection()).catch(onError);
    await Promise.race([handled, untilAborted(io.signal)]);
    await application.stop(io.force);
  } finally {
    await host.close();
  }
}
