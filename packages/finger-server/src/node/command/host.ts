import { chown, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ApplicationDescription } from "../application/description.js";
import type { PassedSocket } from "../application/places.js";
import { type Identity, resolveIdentity } from "../daemon/identity.js";
import { claimPidfile, type Pidfile } from "../daemon/pidfile.js";
import { dropPrivileges } from "../daemon/privileges.js";
import type { CommandIO } from "./io.js";
import { type Outlet, openOutlet } from "./outlet.js";
import type { Wanted } from "./read-description.js";

/** A process that has become what its description says, but for its privileges. */
export interface Host {
  readonly outlet: Outlet;
  readonly sockets: readonly PassedSocket[];
  /** Becomes the user and the group that are described, for good. */
  dropPrivileges(): Promise<void>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}

/** What a process is told of itself beyond its description. */
export interface HostOptions {
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
export async function openHost({ description, ownFolder }: Wanted, io: CommandIO, options: HostOptions): Promise<Host> {
  const { umask, directory } = description.process ?? {};
  if (umask !== undefined) process.umask(Number.parseInt(umask, 8));
  const identity = await findIdentity(description);
  if (ownFolder !== undefined && identity !== undefined) await giveFolder(ownFolder, identity);
  const outlet = openOutlet(description, options.logfile, io, identity);
  try {
    const pidfile =
      options.pidfile === undefined ? undefined : await claimPidfile(options.pidfile, { owner: identity });
    if (directory !== undefined) process.chdir(directory);
    return {
      outlet,
      sockets: options.sockets,
      dropPrivileges: async () => identity && dropPrivileges(identity),
      close: async () => {
        await release(pidfile, outlet);
        outlet.close();
      },
    };
  } catch (error) {
    outlet.close();
    throw error;
  }
}

async function findIdentity({ process: own }: ApplicationDescription): Promise<Identity | undefined> {
  if (own?.user === undefined && own?.group === undefined) return undefined;
  return resolveIdentity(own);
}

/** Who has become somebody else could not make a folder there. */
async function giveFolder(folder: string, { uid, gid }: Identity): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  // Those above it that were made, too, or nobody could pass them.
  for (let made = resolve(folder); made.startsWith(first); made = dirname(made)) await chown(made, uid, gid);
}

async function release(pidfile: Pidfile | undefined, { log }: Outlet): Promise<void> {
  const reason = await pidfile?.release();
  if (reason !== undefined) log.warn({ pidfile: pidfile?.path }, reason);
}
