import { readdir } from "node:fs/promises";

/**
 * Whether systemd knows of accounts on this machine that it does not list when it is asked for all: those of a service that has
 * put its socket into that folder, for which it looks each time. Of systemd's own services most list all that they have, as
 * those of homes and of records in files do; what they come to have is known when the list is read again.
 *
 * @param folder - Where the sockets are.
 */
export async function hasUnlistedUsers(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).some((name) => !LISTING.has(name));
  } catch (error) {
    // Without a folder it asks nobody; one that cannot be looked at may have anything.
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}

/** Those that list all, and those that ask others; not that of containers, who are many. */
const LISTING: ReadonlySet<string> = new Set([
  "io.systemd.DynamicUser",
  "io.systemd.Home",
  "io.systemd.DropIn",
  "io.systemd.Multiplexer",
  "io.systemd.NameServiceSwitch",
]);
