import { buildApplication } from "../application/application.js";
import { inetdConnection } from "../inherited.js";
import { openHost } from "./host.js";
import type { CommandIO } from "./io.js";
import type { Wanted } from "./read-description.js";

/** Answers the one query of the connection that inetd(8) hands over, and ends. */
export async function serveInetd(wanted: Wanted, io: CommandIO): Promise<void> {
  const { logfile } = wanted.description.process ?? {};
  const host = await openHost(wanted, io, { sockets: [], pidfile: undefined, logfile });
  const { log, audit, onError } = host.outlet;
  try {
    const application = await buildApplication(wanted.description, { logger: log, audit, hasPorts: false });
    await host.dropPrivileges();
    await application.start(io.signal);
    await application.handle(inetdConnection()).catch(onError);
    await application.stop(io.force);
  } finally {
    await host.close();
  }
}
