import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ApplicationDescription } from "../application/description.js";
import type { PassedSocket } from "../application/places.js";
import { type Identity, resolveIdentity } from "../daemon/identity.js";
import { claimPidfile, type Pidfile } from "../daemon/pidfile.js";
import { dropPrivileges } from "../daemon/privileges.js";
import { toProcessError, toReason } from "../daemon/process-error.js";
import { giveFolder } from "../folder/give-folder.js";
import { parseOctal } from "../octal.js";
import type { CommandIO } from "./io.js";
import { type Outlet, openOutlet } from "./outlet.js";
import type { Wanted } from "./read-description.js";

/** A process that has become what its description says, but for its privileges. */
export interface HostProcess {
  readonly outlet: Outlet;
  readonly logfile: string | undefined;
  readonly sockets: readonly PassedSocket[];
  /**
   * Becomes the user and the group that are described, for good.
   *
   * @param readAgain - What has to work afterwards, too; that it does not is told.
   */
  dropPrivileges(readAgain: () => Promise<unknown>): Promise<void>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}

/** What a process is told of itself beyond its description. */
export interface HostProcessOptions {
  readonly sockets: readonly PassedSocket[];
  /** The pidfile of a process that wants one, which its workers do not. */
  readonly pidfile: string | undefined;
  readonly logfile: string | undefined;
}

/**
 * Has this process become what is wanted. What cannot be done as another user is done first.
 *
 * @throws `FingerError` `ERR_FINGER_PROCESS` or `ERR_FINGER_CONFIG` when that cannot be done.
 */
export async function openHostProcess(
  { description, ownFolder }: Wanted,
  io: CommandIO,
  options: HostProcessOptions,
): Promise<HostProcess> {
  const { umask, directory } = description.process ?? {};
  if (umask !== undefined) process.umask(parseOctal("umask", umask));
  const identity = await findIdentity(description);
  if (ownFolder !== undefined && identity !== undefined) await makeFolderFor(identity, ownFolder);
  const outlet = openOutlet(description, options.logfile, io, identity);
  let pidfile: Pidfile | undefined;
  const close = async () => {
    await release(pidfile, outlet);
    outlet.close();
  };
  try {
    if (options.pidfile !== undefined) pidfile = await claimPidfile(options.pidfile, { owner: identity });
    if (directory !== undefined) changeDirectory(directory);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    outlet,
    logfile: options.logfile,
    sockets: options.sockets,
    async dropPrivileges(readAgain) {
      if (identity === undefined) return;
      await dropPrivileges(identity);
      await readAgain().catch((error) => {
        outlet.onError(error);
        outlet.log.warn(
          {},
          "as this user it cannot be read again: neither at a reload, nor by a worker that replaces another",
        );
      });
    },
    close,
  };
}

function changeDirectory(path: string): void {
  try {
    process.chdir(path);
  } catch (cause) {
    throw toProcessError(`The working directory ${path} cannot be entered: ${toReason(cause)}.`, cause);
  }
}

async function findIdentity({ process: own }: ApplicationDescription): Promise<Identity | undefined> {
  if (own?.user === undefined && own?.group === undefined) return undefined;
  return resolveIdentity(own);
}

/** Who has become somebody else could not make a folder there, nor pass those above it that were made. */
async function makeFolderFor(identity: Identity, folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const highest = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (highest === undefined) return;
  for (let made = resolve(folder); made.length >= highest.length; made = dirname(made))
    await giveFolder(made, identity);
}

async function release(pidfile: Pidfile | undefined, { log }: Outlet): Promise<void> {
  const reason = await pidfile?.release();
  if (reason !== undefined) log.warn({ pidfile: pidfile?.path }, reason);
}
